//! Files: what is said of them, what their streams carry, and the names that they get.

use std::path::Path;

use streembit_delivery::transfer::{
    Answer, Ask, Cipher, End, FileName, Have, Hello, Layout, Leaves, MAX_NAME, Offer, Serve,
};

/// Offers, ends, frames, lists of leaves and bitmaps.
pub fn transfer(data: &[u8]) {
    if let Some(offer) = Offer::from_bytes(data) {
        assert_eq!(offer.to_bytes(), data, "one offer, one encoding");
        assert!(Layout::new(offer.size).is_some());
        name(&offer.name);
    }
    if let Some(end) = End::from_bytes(data) {
        assert_eq!(end.to_bytes(), data, "one end, one encoding");
    }
    if let Some(hello) = Hello::from_bytes(data) {
        assert_eq!(hello.to_bytes().as_slice(), data);
    }
    let layout = Layout::new(data.len() as u64 * (1 << 18));
    if let Some(layout) = layout {
        asks(data, layout);
        assert!(
            Leaves::verified(layout, data, &[7; 32]).is_err(),
            "nobody makes leaves of a root that they did not choose"
        );
        let have = Have::from_bytes(data, layout.count());
        assert!(have.is_none_or(|have| have.as_bytes() == data));
    }
    if let Ok(cipher) = Cipher::new(&[7; 32]) {
        assert!(cipher.open(0, &mut data.to_vec()).is_err());
    }
    if let Ok(text) = std::str::from_utf8(data) {
        name(text);
    }
    if let [byte] = data {
        let answer = Answer::from_byte(*byte);
        assert!(answer.is_none_or(|answer| answer.to_byte() == *byte));
    }
}

/// However it is asked, nothing is given that there is not, and no more than there is.
fn asks(data: &[u8], layout: Layout) {
    let mut serve = Serve::new(layout);
    let mut given = 0;
    for bytes in data.as_chunks().0 {
        let Some(ask) = Ask::from_bytes(*bytes) else {
            return;
        };
        assert_eq!(ask.to_bytes(), *bytes);
        if serve.ask(ask).is_err() {
            return;
        }
        while let Some(index) = serve.next_group() {
            assert!(index < layout.count());
            given += 1;
        }
        assert!(given <= layout.count());
    }
}

fn name(text: &str) {
    let name = FileName::sanitised(text);
    assert!(!name.as_str().is_empty() && name.as_str().len() <= MAX_NAME + 1);
    assert_eq!(Path::new(name.as_str()).components().count(), 1);
    assert_eq!(Path::new(name.as_str()).parent(), Some(Path::new("")));
    assert_eq!(FileName::sanitised(name.as_str()), name, "once is enough");
}
