//! Reads lines of bounded length.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt as _};

/// Reads a line of at most `limit` bytes without its end; `None` at the end of the stream.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] when the line is longer; the stream is then of no use any more.
pub(crate) async fn read_line(
    reader: &mut (impl AsyncBufRead + Unpin),
    limit: usize,
) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    loop {
        let buffer = reader.fill_buf().await?;
        if buffer.is_empty() {
            return Ok((!line.is_empty()).then_some(line));
        }
        let end = buffer.iter().position(|&byte| byte == b'\n');
        let (part, used) = match end {
            Some(end) => (buffer.get(..end), end + 1),
            None => (Some(buffer), buffer.len()),
        };
        line.extend_from_slice(part.unwrap_or_default());
        reader.consume(used);
        if line.len() > limit {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the line is too long",
            ));
        }
        if end.is_some() {
            return Ok(Some(line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn lines(text: &[u8], limit: usize) -> Vec<Result<Vec<u8>, io::ErrorKind>> {
        let mut reader = text;
        let mut found = Vec::new();
        loop {
            match read_line(&mut reader, limit).await {
                Ok(Some(line)) => found.push(Ok(line)),
                Ok(None) => return found,
                Err(error) => {
                    found.push(Err(error.kind()));
                    return found;
                }
            }
        }
    }

    #[tokio::test]
    async fn reads_lines_and_a_last_one_without_end() {
        let found = lines(b"one\n\ntwo", 8).await;

        assert_eq!(
            found,
            [Ok(b"one".to_vec()), Ok(Vec::new()), Ok(b"two".to_vec())]
        );
    }

    #[tokio::test]
    async fn refuses_a_line_that_is_too_long() {
        let found = lines(b"123456789\n", 8).await;

        assert_eq!(found, [Err(io::ErrorKind::InvalidData)]);
    }
}
