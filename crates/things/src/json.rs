//! Reads JSON that came from outside: bounded in size and depth, duplicate members refused.
//!
//! `serde_json` alone keeps the last of two equal members silently, so two readers of one
//! signed document could see different things.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How large and how deep a document may be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Longest document, in bytes.
    pub bytes: usize,
    /// Deepest nesting of objects and arrays.
    pub depth: usize,
}

/// Why bytes are not an acceptable JSON document.
#[derive(Debug, thiserror::Error)]
pub enum JsonError {
    /// Not JSON, nested too deeply, or a member stands twice.
    #[error("the document is not acceptable JSON: {0}")]
    Syntax(#[from] serde_json::Error),
    /// Larger than the limit; nothing was parsed.
    #[error("the document has {actual} bytes, and {limit} are allowed")]
    TooLarge {
        /// Size of the document.
        actual: usize,
        /// Size that is allowed.
        limit: usize,
    },
}

/// Parses `bytes` within `limits`, keeping the order of members.
///
/// # Errors
/// Refuses what is too large before parsing, then bad syntax, depth and duplicates.
pub fn parse(bytes: &[u8], limits: Limits) -> Result<Value, JsonError> {
    if bytes.len() > limits.bytes {
        return Err(JsonError::TooLarge {
            actual: bytes.len(),
            limit: limits.bytes,
        });
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Strict {
        depth: limits.depth,
    }
    .deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

/// A value at most `depth` containers deep.
#[derive(Clone, Copy)]
struct Strict {
    depth: usize,
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        let depth = self
            .depth
            .checked_sub(1)
            .ok_or_else(|| E::custom("nested too deeply"))?;
        Ok(Self { depth })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(format_args!(
                    "the member {name:?} stands twice"
                )));
            }
            let value = members.next_value_seed(inner)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Limits = Limits {
        bytes: 64,
        depth: 3,
    };

    #[test]
    fn keeps_order() {
        let value = parse(br#"{"b":1,"a":[2.5,null]}"#, SMALL).unwrap();

        assert_eq!(value.to_string(), r#"{"b":1,"a":[2.5,null]}"#);
    }

    #[test]
    fn refuses_duplicates_at_any_depth() {
        assert!(parse(br#"{"a":{"b":1,"b":1}}"#, SMALL).is_err());
    }

    #[test]
    fn refuses_depth_and_size_and_trailing_bytes() {
        assert!(parse(b"[[[1]]]", SMALL).is_ok());
        assert!(parse(b"[[[[1]]]]", SMALL).is_err());
        assert!(matches!(
            parse(&[b' '; 65], SMALL),
            Err(JsonError::TooLarge { .. })
        ));
        assert!(parse(b"1 2", SMALL).is_err());
        assert!(parse(b"1e999", SMALL).is_err());
    }
}
