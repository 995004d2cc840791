//! The messages between consumer and host: the members of the Web Thing Protocol as JSON.
//!
//! They are bodies of signed envelopes, which bring sender, recipient, expiry and integrity;
//! times are Unix milliseconds, and an operation of the host itself has no `thingID`.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use streembit_identity::Timestamp;

use crate::action::ActionStatus;
use crate::json::{self, Limits};
use crate::operation::Operation;
use crate::problem::{Problem, ProblemKind};
use crate::reading::Reading;
use crate::url::ThingUrl;

/// What a message may be at most; a list of descriptions is the largest.
pub const LIMITS: Limits = Limits {
    bytes: 384 * 1024,
    depth: 40,
};

/// Most notifications in one message.
pub const MAX_BATCH: usize = 64;

/// Asks the host for an operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Which thing; none for the host itself.
    #[serde(default, rename = "thingID", skip_serializing_if = "Option::is_none")]
    pub thing: Option<ThingUrl>,
    /// Identifies the message among those of its sender.
    #[serde(rename = "messageID")]
    pub id: String,
    /// What is asked.
    pub operation: Operation,
    /// Which property, action or event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The value to write, or the arguments of a host's operation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The values to write, by property.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Map<String, Value>>,
    /// Which properties.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// What an action is handed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Value>,
    /// Which invocation.
    #[serde(default, rename = "actionID", skip_serializing_if = "Option::is_none")]
    pub action_id: Option<String>,
}

/// Answers a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// The request's `messageID`.
    #[serde(rename = "correlationID")]
    pub correlation_id: String,
    /// What was asked.
    pub operation: Operation,
    /// Why it was not done; without it, it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Problem>,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What came of an operation; each fills the members that it needs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// A property's state.
    #[serde(flatten)]
    pub state: PropertyState,
    /// The states of several properties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Map<String, Value>>,
    /// How an action stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ActionStatus>,
    /// Anything else that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Value>,
}

/// A property's state on the wire.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PropertyState {
    /// What the thing reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// What was asked for and is not reported yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Value>,
    /// Since when the target stands.
    #[serde(
        default,
        rename = "pendingSince",
        skip_serializing_if = "Option::is_none"
    )]
    pub pending_since: Option<u64>,
    /// When the thing reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<u64>,
}

/// Tells a consumer what happened, unasked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notification {
    /// Which thing; none where the whole host is meant.
    #[serde(default, rename = "thingID", skip_serializing_if = "Option::is_none")]
    pub thing: Option<ThingUrl>,
    /// Counts the notifications of a session, without gaps.
    #[serde(rename = "notificationID")]
    pub number: u64,
    /// Which observation it belongs to.
    pub operation: Operation,
    /// Which property, action or event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A property's state.
    #[serde(flatten)]
    pub state: PropertyState,
    /// What an event tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<Value>,
    /// How an action stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<ActionStatus>,
}

impl Request {
    /// A request without arguments.
    pub fn new(id: impl Into<String>, thing: Option<ThingUrl>, operation: Operation) -> Self {
        Self {
            thing,
            id: id.into(),
            operation,
            name: None,
            value: None,
            values: None,
            names: Vec::new(),
            input: None,
            action_id: None,
        }
    }

    /// The name that the operation needs.
    ///
    /// # Errors
    /// A bad request, when there is none.
    pub fn required_name(&self) -> Result<&str, Problem> {
        let missing = || Problem::because(ProblemKind::BadRequest, "the name is missing");
        self.name.as_deref().ok_or_else(missing)
    }

    /// Reads a request.
    ///
    /// # Errors
    /// A bad request, with the reason.
    pub fn parse(body: &[u8]) -> Result<Self, Problem> {
        read(body, "request")
    }

    /// Writes the body of an envelope.
    pub fn to_body(&self) -> Vec<u8> {
        write(self, "request")
    }
}

impl Response {
    /// Answers `request` with what came of it.
    pub fn new(request: &Request, result: Result<Outcome, Problem>) -> Self {
        let (error, outcome) = match result {
            Ok(outcome) => (None, outcome),
            Err(problem) => (Some(problem), Outcome::default()),
        };
        Self {
            correlation_id: request.id.clone(),
            operation: request.operation,
            error,
            outcome,
        }
    }

    /// What came of the request.
    ///
    /// # Errors
    /// The problem that the host told.
    pub fn into_result(self) -> Result<Outcome, Problem> {
        self.error.map_or(Ok(self.outcome), Err)
    }

    /// Reads the answer to the request `id`.
    ///
    /// # Errors
    /// A bad request, when it cannot be read or answers another one.
    pub fn parse(body: &[u8], id: &str) -> Result<Self, Problem> {
        let response: Self = read(body, "response")?;
        if response.correlation_id != id {
            return Err(Problem::because(
                ProblemKind::BadRequest,
                "it answers another request",
            ));
        }
        Ok(response)
    }

    /// Writes the body of an envelope.
    pub fn to_body(&self) -> Vec<u8> {
        write(self, "response")
    }
}

impl Notification {
    /// Reads the notifications of one envelope.
    ///
    /// # Errors
    /// A bad request, with the reason.
    pub fn parse_batch(body: &[u8]) -> Result<Vec<Self>, Problem> {
        let batch: Vec<Self> = read(body, "notification")?;
        if batch.is_empty() || batch.len() > MAX_BATCH {
            let detail = format!("between 1 and {MAX_BATCH} notifications are allowed");
            return Err(Problem::because(ProblemKind::BadRequest, detail));
        }
        Ok(batch)
    }

    /// Writes the body of one envelope.
    pub fn to_body(batch: &[Self]) -> Vec<u8> {
        let items = batch
            .iter()
            .map(|one| tagged(one, "notification"))
            .collect();
        Value::Array(items).to_string().into_bytes()
    }
}

impl From<&Reading> for PropertyState {
    fn from(reading: &Reading) -> Self {
        Self {
            value: reading.reported.clone(),
            target: reading.target.clone(),
            pending_since: reading.pending_since.map(Timestamp::as_millis),
            timestamp: reading.reported.as_ref().map(|_| reading.at.as_millis()),
        }
    }
}

impl From<&PropertyState> for Reading {
    fn from(state: &PropertyState) -> Self {
        Self {
            reported: state.value.clone(),
            target: state.target.clone(),
            pending_since: state.pending_since.map(Timestamp),
            at: Timestamp(state.timestamp.unwrap_or_default()),
        }
    }
}

impl From<&Reading> for Outcome {
    fn from(reading: &Reading) -> Self {
        Self {
            state: reading.into(),
            ..Self::default()
        }
    }
}

/// Reads a message (or a list of them) whose `messageType` is `kind`.
fn read<T: DeserializeOwned>(body: &[u8], kind: &str) -> Result<T, Problem> {
    let bad = |detail: String| Problem::because(ProblemKind::BadRequest, detail);
    let value = json::parse(body, LIMITS).map_err(|error| bad(error.to_string()))?;
    let is_kind = |one: &Value| one.get("messageType").and_then(Value::as_str) == Some(kind);
    let is_fine = value
        .as_array()
        .map_or_else(|| is_kind(&value), |list| list.iter().all(is_kind));
    if !is_fine {
        return Err(bad(format!("the messageType must be {kind:?}")));
    }
    serde_json::from_value(value).map_err(|error| bad(error.to_string()))
}

fn write<T: Serialize>(message: &T, kind: &str) -> Vec<u8> {
    tagged(message, kind).to_string().into_bytes()
}

/// The message with its `messageType`; our messages have text keys only, so writing cannot fail.
fn tagged<T: Serialize>(message: &T, kind: &str) -> Value {
    let mut value = serde_json::to_value(message).unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        object.insert("messageType".to_owned(), kind.into());
    }
    value
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::lamp_url;

    #[test]
    fn request_reads_back() {
        let mut request = Request::new("m1", Some(lamp_url()), Operation::WriteProperty);
        request.name = Some("level".to_owned());
        request.value = Some(json!(40));

        let body = request.to_body();

        assert_eq!(Request::parse(&body).unwrap(), request);
        let value: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(value["messageType"], "request");
        assert_eq!(value["operation"], "writeproperty");
        assert_eq!(value["thingID"], lamp_url().to_string());
    }

    #[test]
    fn response_tells_state_or_problem() {
        let request = Request::new("m1", Some(lamp_url()), Operation::ReadProperty);
        let reading = Reading {
            reported: Some(json!(10)),
            target: Some(json!(50)),
            pending_since: Some(Timestamp(7)),
            at: Timestamp(5),
        };

        let body = Response::new(&request, Ok((&reading).into())).to_body();
        let outcome = Response::parse(&body, "m1").unwrap().into_result().unwrap();
        assert_eq!(Reading::from(&outcome.state), reading);
        assert!(
            Response::parse(&body, "m2").is_err(),
            "answers another request"
        );

        let refused = Response::new(&request, Err(Problem::new(ProblemKind::Forbidden)));
        let again = Response::parse(&refused.to_body(), "m1")
            .unwrap()
            .into_result();
        assert_eq!(again.unwrap_err().status, 403);
    }

    #[test]
    fn refuses_other_types_duplicates_and_junk() {
        assert!(Request::parse(br#"{"messageType":"response"}"#).is_err());
        assert!(Request::parse(b"\xff\x00").is_err());
        let twice = br#"{"messageType":"request","messageID":"a","messageID":"b","operation":"readproperty"}"#;
        assert!(Request::parse(twice).is_err());
        assert!(Notification::parse_batch(b"[]").is_err());
    }
}
