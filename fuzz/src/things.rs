//! Decoders of `streembit-things`. Each takes any bytes, and panics only if a promise is broken.

use streembit_things::claim::{ClaimCommit, ClaimDone, ClaimOffer, ClaimRequest, decode, encode};
use streembit_things::{
    DataSchema, Description, Notification, Request, Response, ThingName, ThingUrl, json,
};

/// Thing Descriptions.
pub fn description(data: &[u8]) {
    if let Ok(description) = Description::parse(data) {
        let written = description.document().to_string();
        let again = Description::parse(written.as_bytes());
        assert!(again.is_ok_and(|again| again.document() == description.document()));
    }
}

/// Requests, responses and notifications about things.
pub fn message(data: &[u8]) {
    if let Ok(request) = Request::parse(data) {
        assert!(Request::parse(&request.to_body()).is_ok_and(|again| again == request));
    }
    if let Ok(response) = Response::parse(data, "1") {
        assert!(Response::parse(&response.to_body(), "1").is_ok_and(|again| again == response));
    }
    if let Ok(batch) = Notification::parse_batch(data) {
        let again = Notification::parse_batch(&Notification::to_body(&batch));
        assert!(again.is_ok_and(|again| again == batch));
    }
}

/// The messages of a claim.
pub fn claim(data: &[u8]) {
    if let Ok(message) = decode::<ClaimRequest>(data) {
        assert_eq!(encode(&message), data);
    }
    if let Ok(message) = decode::<ClaimOffer>(data) {
        assert_eq!(encode(&message), data);
    }
    if let Ok(message) = decode::<ClaimCommit>(data) {
        assert_eq!(encode(&message), data);
    }
    if let Ok(message) = decode::<ClaimDone>(data) {
        assert_eq!(encode(&message), data);
    }
}

/// Addresses and names of things.
pub fn url(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(url) = text.parse::<ThingUrl>() {
        assert_eq!(url.to_string(), text);
    }
    if let Ok(name) = text.parse::<ThingName>() {
        assert_eq!(name.as_str(), text);
    }
}

/// A schema on the first line, and the value that it judges on the others.
pub fn value(data: &[u8]) {
    let Some(end) = data.iter().position(|byte| *byte == b'\n') else {
        return;
    };
    let (schema, value) = data.split_at(end);
    let limits = streembit_things::description::LIMITS;
    if let (Ok(schema), Ok(value)) = (json::parse(schema, limits), json::parse(value, limits))
        && let Ok(schema) = DataSchema::parse(&schema)
    {
        let _ = schema.validate(&value);
    }
}
