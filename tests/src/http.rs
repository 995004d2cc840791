//! Just enough HTTP/1.1 to speak with a WebDriver on this machine.

use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::deadline::within;

/// How long the driver may take for anything; its own limits are shorter.
const LIMIT: Duration = Duration::from_secs(60);

/// Sends one request to `127.0.0.1:port` and returns status and JSON body.
///
/// # Errors
/// When nobody answers there, or not with JSON.
pub async fn request(
    port: u16,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> anyhow::Result<(u16, Value)> {
    let body = body.map(Value::to_string).unwrap_or_default();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    let mut answer = Vec::new();
    within(
        LIMIT,
        &format!("an answer to {method} {path}"),
        stream.read_to_end(&mut answer),
    )
    .await??;
    parse(&answer)
}

fn parse(answer: &[u8]) -> anyhow::Result<(u16, Value)> {
    let end = answer
        .windows(4)
        .position(|part| part == b"\r\n\r\n")
        .context("no end of the head")?;
    let head = String::from_utf8_lossy(answer.get(..end).unwrap_or_default()).into_owned();
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .context("no status")?;
    let body = answer.get(end + 4..).unwrap_or_default();
    if head
        .to_ascii_lowercase()
        .contains("transfer-encoding: chunked")
    {
        bail!("a chunked answer was not expected");
    }
    Ok((status, serde_json::from_slice(body).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_status_and_body() {
        let (status, body) = parse(b"HTTP/1.1 404 Not Found\r\nA: b\r\n\r\n{\"value\":1}").unwrap();

        assert_eq!((status, body), (404, serde_json::json!({ "value": 1 })));
    }

    #[test]
    fn refuses_an_answer_without_a_head() {
        assert!(parse(b"HTTP/1.1 200 OK\r\n").is_err());
    }
}
