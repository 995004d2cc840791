//! Thing Descriptions, values, device sessions and the driver trait.
