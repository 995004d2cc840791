//! The frames of our request protocol: one length-prefixed byte string each way.
//!
//! What the bytes mean belongs to the dispatcher; here they are only bounded, each and together.

use std::{io, sync::Arc};

use futures::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use libp2p::{StreamProtocol, request_response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Largest frame in either direction, in bytes.
pub(crate) const MAX_FRAME_BYTES: usize = 512 * 1024;
/// What the room is counted in.
const UNIT: usize = 1024;
/// What a frame may take of the room for beginnings, in bytes.
const BEGINNING: usize = 4 * UNIT;
/// Room for the beginnings of what peers ask, in units: small requests get through while somebody
/// fills the rest with large ones.
const BEGINNINGS: usize = 16 * 1024;
/// Room for all that exceeds a beginning, in units.
const REST: usize = 48 * 1024;

/// Reads and writes bounded frames; what peers ask in one network shares one room.
#[derive(Clone, Debug)]
pub(crate) struct Frames {
    beginnings: Arc<Semaphore>,
    rest: Arc<Semaphore>,
}

/// A request and the room that it takes, until it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Frame {
    pub(crate) bytes: Vec<u8>,
    room: Vec<OwnedSemaphorePermit>,
}

/// What this node asks takes nobody's room.
impl From<Vec<u8>> for Frame {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            room: Vec::new(),
        }
    }
}

impl Default for Frames {
    fn default() -> Self {
        Self::with_room(BEGINNINGS, REST)
    }
}

impl Frames {
    fn with_room(beginnings: usize, rest: usize) -> Self {
        Self {
            beginnings: Arc::new(Semaphore::new(beginnings)),
            rest: Arc::new(Semaphore::new(rest)),
        }
    }

    /// Takes room for the next `bytes` of a frame, at once or not at all.
    fn room(&self, is_beginning: bool, bytes: usize) -> io::Result<OwnedSemaphorePermit> {
        let room = if is_beginning {
            &self.beginnings
        } else {
            &self.rest
        };
        u32::try_from(bytes.div_ceil(UNIT))
            .ok()
            .and_then(|units| room.clone().try_acquire_many_owned(units).ok())
            .ok_or_else(|| io::Error::new(io::ErrorKind::OutOfMemory, "no room for the request"))
    }
}

impl request_response::Codec for Frames {
    type Protocol = StreamProtocol;
    type Request = Frame;
    type Response = Vec<u8>;

    async fn read_request<T>(&mut self, _: &StreamProtocol, io: &mut T) -> io::Result<Frame>
    where
        T: AsyncRead + Unpin + Send,
    {
        let length = length(io).await?;
        let mut frame = Frame::default();
        while frame.bytes.len() < length {
            // Never more than has arrived already.
            let had = frame.bytes.len();
            let part = (length - had).min(had.max(BEGINNING));
            frame.room.push(self.room(had == 0, part)?);
            frame.bytes.reserve_exact(part);
            frame.bytes.resize(had + part, 0);
            let unread = frame.bytes.get_mut(had..).unwrap_or_default();
            io.read_exact(unread).await?;
        }
        Ok(frame)
    }

    async fn read_response<T>(&mut self, _: &StreamProtocol, io: &mut T) -> io::Result<Vec<u8>>
    where
        T: AsyncRead + Unpin + Send,
    {
        let length = length(io).await?;
        fill(io, length).await
    }

    async fn write_request<T>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        frame: Frame,
    ) -> io::Result<()>
    where
        T: AsyncWrite + Unpin + Send,
    {
        write(io, &frame.bytes).await
    }

    async fn write_response<T>(
        &mut self,
        _: &StreamProtocol,
        io: &mut T,
        frame: Vec<u8>,
    ) -> io::Result<()>
    where
        T: AsyncWrite + Unpin + Send,
    {
        write(io, &frame).await
    }
}

/// Reads the length that precedes a frame.
async fn length<T: AsyncRead + Unpin>(io: &mut T) -> io::Result<usize> {
    let mut length = [0; 4];
    io.read_exact(&mut length).await?;
    let length = u32::from_be_bytes(length) as usize;
    if length > MAX_FRAME_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "frame too large",
        ));
    }
    Ok(length)
}

/// Reads `length` bytes; memory is taken as they arrive, never on the word of a length prefix.
pub(crate) async fn fill<T: AsyncRead + Unpin>(io: &mut T, length: usize) -> io::Result<Vec<u8>> {
    let mut frame = Vec::with_capacity(length.min(BEGINNING));
    let read = io.take(length as u64).read_to_end(&mut frame).await?;
    if read < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(frame)
}

async fn write<T: AsyncWrite + Unpin>(io: &mut T, frame: &[u8]) -> io::Result<()> {
    let length = u32::try_from(frame.len())
        .ok()
        .filter(|_| frame.len() <= MAX_FRAME_BYTES)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "frame too large"))?;
    let mut bytes = Vec::with_capacity(frame.len() + 4);
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(frame);
    io.write_all(&bytes).await?;
    io.flush().await
}

#[cfg(test)]
mod tests {
    use futures::{FutureExt, StreamExt, TryStreamExt, io::Cursor, stream};
    use request_response::Codec;

    use super::*;

    static PROTOCOL: StreamProtocol = StreamProtocol::new("/test");

    fn arriving(length: usize) -> Cursor<Vec<u8>> {
        let mut bytes = u32::try_from(length).unwrap().to_be_bytes().to_vec();
        bytes.resize(4 + length, 7);
        Cursor::new(bytes)
    }

    fn read(frames: &mut Frames, length: usize) -> io::Result<Frame> {
        let mut io = arriving(length);
        frames
            .read_request(&PROTOCOL, &mut io)
            .now_or_never()
            .unwrap()
    }

    fn free(frames: &Frames) -> (usize, usize) {
        (
            frames.beginnings.available_permits(),
            frames.rest.available_permits(),
        )
    }

    #[test]
    fn a_request_takes_room_for_as_long_as_it_lives() {
        let mut frames = Frames::with_room(8, 600);

        let frame = read(&mut frames, MAX_FRAME_BYTES).unwrap();

        assert_eq!(frame.bytes, vec![7; MAX_FRAME_BYTES]);
        assert_eq!(free(&frames), (4, 600 - (512 - 4)));
        drop(frame);
        assert_eq!(free(&frames), (8, 600));
        assert_eq!(read(&mut frames, 0).unwrap().bytes, [0; 0]);
    }

    #[test]
    fn large_requests_are_refused_at_once_when_the_room_is_full_and_small_ones_are_not() {
        let mut frames = Frames::with_room(16, 600);
        let held = read(&mut frames, MAX_FRAME_BYTES).unwrap();

        let large = read(&mut frames, MAX_FRAME_BYTES).unwrap_err();

        assert_eq!(large.kind(), io::ErrorKind::OutOfMemory);
        let small: Vec<Frame> = (0..12).map(|_| read(&mut frames, UNIT).unwrap()).collect();
        assert!(read(&mut frames, UNIT).is_err(), "even they are bounded");
        drop((held, small));
        assert_eq!(free(&frames), (16, 600), "what failed gave its room back");
    }

    #[test]
    fn room_is_taken_as_bytes_arrive() {
        let frames = Frames::default();
        let mut announced = arriving(MAX_FRAME_BYTES).into_inner();
        announced.truncate(4 + BEGINNING);
        let unfinished = stream::once(async { Ok(announced) }).chain(stream::pending());
        let mut io = Box::pin(unfinished).into_async_read();

        let mut reader = frames.clone();
        let mut reading = Box::pin(reader.read_request(&PROTOCOL, &mut io));
        assert!((&mut reading).now_or_never().is_none(), "more is to come");

        let taken = BEGINNING / UNIT;
        assert_eq!(free(&frames), (BEGINNINGS - taken, REST - taken));
        drop(reading);
        assert_eq!(free(&frames), (BEGINNINGS, REST));
    }
}
