//! How a message gets there: outbox, order, receipts.
