//! Kademlia by hand: puts whatever it likes under any key, and looks what came of it.

use futures::{AsyncReadExt, AsyncWriteExt};
use libp2p::core::muxing::SubstreamBox;

use super::Wire;

/// Field types of protocol buffers.
const NUMBER: u8 = 0;
const BYTES: u8 = 2;

impl Wire {
    /// Asks the other side to hold `value` under `key`, and waits for its answer, if it has one.
    ///
    /// # Errors
    /// When the connection has ended.
    pub async fn put_record(&self, protocol: &str, key: &[u8], value: &[u8]) -> anyhow::Result<()> {
        let mut record = Vec::new();
        field(&mut record, 1, key);
        field(&mut record, 2, value);
        let mut message = vec![1 << 3 | NUMBER, 0];
        field(&mut message, 2, key);
        field(&mut message, 3, &record);
        self.exchange_message(protocol, &message).await?;
        Ok(())
    }

    /// Returns what the other side answers to whoever looks `key` up.
    ///
    /// # Errors
    /// When the connection has ended.
    pub async fn find_record(&self, protocol: &str, key: &[u8]) -> anyhow::Result<Vec<u8>> {
        let mut message = vec![1 << 3 | NUMBER, 1];
        field(&mut message, 2, key);
        self.exchange_message(protocol, &message).await
    }

    async fn exchange_message(&self, protocol: &str, message: &[u8]) -> anyhow::Result<Vec<u8>> {
        let mut stream = self.speak(protocol).await?;
        let mut bytes = Vec::new();
        varint(&mut bytes, message.len());
        bytes.extend_from_slice(message);
        stream.write_all(&bytes).await?;
        stream.flush().await?;
        answer(&mut stream).await
    }
}

/// Reads one message; nothing where the other side closes the stream instead.
async fn answer(stream: &mut SubstreamBox) -> anyhow::Result<Vec<u8>> {
    let (mut length, mut shift) = (0, 0);
    loop {
        let mut byte = [0];
        if stream.read(&mut byte).await? == 0 {
            return Ok(Vec::new());
        }
        let [byte] = byte;
        length |= usize::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            break;
        }
    }
    let mut message = vec![0; length];
    stream.read_exact(&mut message).await?;
    Ok(message)
}

fn field(into: &mut Vec<u8>, number: u8, bytes: &[u8]) {
    into.push(number << 3 | BYTES);
    varint(into, bytes.len());
    into.extend_from_slice(bytes);
}

fn varint(into: &mut Vec<u8>, mut number: usize) {
    loop {
        let [low, ..] = number.to_le_bytes();
        number >>= 7;
        if number == 0 {
            into.push(low & 0x7f);
            return;
        }
        into.push(low | 0x80);
    }
}
