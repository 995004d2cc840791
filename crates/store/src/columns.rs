//! How ids, times, lists and named states lie in columns.

use rusqlite::types::{
    FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, Type, Value, ValueRef,
};
use rusqlite::{Connection, OptionalExtension, Params, Row};
use streembit_identity::{
    AccountId, GroupId, InviteId, MessageId, NetworkId, NodeId, Party, Timestamp,
};

use crate::error::Fault;

/// Stands before the id of a group where the other side of a conversation is held.
pub(crate) const GROUP_MARK: u8 = 1;

/// An id that a column holds as its bytes.
pub(crate) trait Id: Sized {
    /// The bytes.
    fn bytes(&self) -> &[u8];
    /// What the column holds.
    fn column(&self) -> ToSqlOutput<'_> {
        ToSqlOutput::Borrowed(ValueRef::Blob(self.bytes()))
    }
    /// The id that these bytes are, if they are one.
    fn parse(bytes: &[u8]) -> Option<Self>;
}

impl Id for AccountId {
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        Self::from_bytes(bytes.try_into().ok()?).ok()
    }
}

impl Id for NodeId {
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        Self::from_bytes(bytes.try_into().ok()?).ok()
    }
}

impl Id for InviteId {
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        Self::from_bytes(bytes.try_into().ok()?).ok()
    }
}

impl Id for NetworkId {
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_bytes)
    }
}

impl Id for GroupId {
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_bytes)
    }
}

/// An account is held as its key; a group as its id behind a mark, so that they never mix.
impl Id for Party {
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn column(&self) -> ToSqlOutput<'_> {
        match self {
            Self::Account(account) => account.column(),
            Self::Group(group) => {
                let marked = [&[GROUP_MARK], group.as_bytes().as_slice()].concat();
                ToSqlOutput::Owned(Value::Blob(marked))
            }
        }
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [GROUP_MARK, group @ ..] if group.len() == 32 => GroupId::parse(group).map(Self::Group),
            _ => AccountId::parse(bytes).map(Self::Account),
        }
    }
}

impl Id for MessageId {
    fn bytes(&self) -> &[u8] {
        self.as_bytes()
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        Self::from_bytes(bytes.try_into().ok()?).ok()
    }
}

/// A value of another crate on its way into or out of a column.
#[derive(Clone, Copy)]
pub(crate) struct Sql<T>(pub(crate) T);

impl<T: Id> ToSql for Sql<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.column())
    }
}

impl<T: Id> FromSql for Sql<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        T::parse(value.as_blob()?)
            .map(Self)
            .ok_or(FromSqlError::InvalidType)
    }
}

/// The number that a column holds for `time`.
pub(crate) fn millis(time: Timestamp) -> i64 {
    i64::try_from(time.0).unwrap_or(i64::MAX)
}

/// The JSON that a column holds for `list`.
pub(crate) fn json(list: &[String]) -> String {
    serde_json::Value::from(list).to_string()
}

/// Columns read as the types of this crate's rows.
pub(crate) trait Columns {
    /// An id.
    fn id<T: Id>(&self, column: usize) -> rusqlite::Result<T>;
    /// An id that may be absent.
    fn maybe_id<T: Id>(&self, column: usize) -> rusqlite::Result<Option<T>>;
    /// A time.
    fn time(&self, column: usize) -> rusqlite::Result<Timestamp>;
    /// A time that may be absent.
    fn maybe_time(&self, column: usize) -> rusqlite::Result<Option<Timestamp>>;
    /// A list of texts.
    fn list(&self, column: usize) -> rusqlite::Result<Vec<String>>;
    /// A JSON value that may be absent.
    fn maybe_json(&self, column: usize) -> rusqlite::Result<Option<serde_json::Value>>;
}

impl Columns for Row<'_> {
    fn id<T: Id>(&self, column: usize) -> rusqlite::Result<T> {
        self.get::<_, Sql<T>>(column).map(|id| id.0)
    }

    fn maybe_id<T: Id>(&self, column: usize) -> rusqlite::Result<Option<T>> {
        Ok(self.get::<_, Option<Sql<T>>>(column)?.map(|id| id.0))
    }

    fn time(&self, column: usize) -> rusqlite::Result<Timestamp> {
        let millis: i64 = self.get(column)?;
        u64::try_from(millis)
            .map(Timestamp)
            .map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, millis))
    }

    fn maybe_time(&self, column: usize) -> rusqlite::Result<Option<Timestamp>> {
        match self.get_ref(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_) | ValueRef::Blob(_) => {
                self.time(column).map(Some)
            }
        }
    }

    fn list(&self, column: usize) -> rusqlite::Result<Vec<String>> {
        let text: String = self.get(column)?;
        serde_json::from_str(&text).map_err(|error| unreadable(column, error))
    }

    fn maybe_json(&self, column: usize) -> rusqlite::Result<Option<serde_json::Value>> {
        let text: Option<String> = self.get(column)?;
        text.map(|text| serde_json::from_str(&text).map_err(|error| unreadable(column, error)))
            .transpose()
    }
}

fn unreadable(column: usize, error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

/// The statements that jobs are made of, prepared once a connection.
pub(crate) trait Statements {
    /// Changes rows and tells how many.
    fn change(&self, sql: &str, params: impl Params) -> Result<usize, Fault>;
    /// Reads the first row, if there is one.
    fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        row: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Fault>;
    /// Reads every row.
    fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Fault>;
    /// Reads one number.
    fn number(&self, sql: &str, params: impl Params) -> Result<i64, Fault>;
}

impl Statements for Connection {
    fn change(&self, sql: &str, params: impl Params) -> Result<usize, Fault> {
        Ok(self.prepare_cached(sql)?.execute(params)?)
    }

    fn first<T>(
        &self,
        sql: &str,
        params: impl Params,
        row: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Fault> {
        Ok(self
            .prepare_cached(sql)?
            .query_row(params, row)
            .optional()?)
    }

    fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Fault> {
        Ok(self
            .prepare_cached(sql)?
            .query_map(params, row)?
            .collect::<Result<_, _>>()?)
    }

    fn number(&self, sql: &str, params: impl Params) -> Result<i64, Fault> {
        Ok(self
            .prepare_cached(sql)?
            .query_row(params, |row| row.get(0))?)
    }
}

/// Declares an enum whose members lie in columns, and travel in backups, under fixed names.
macro_rules! named {
    (
        $(#[$doc:meta])* pub enum $name:ident { $($(#[$member_doc:meta])* $member:ident = $text:literal,)+ }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$member_doc])* #[serde(rename = $text)] $member,)+
        }

        impl $name {
            /// The fixed name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$member => $text,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl rusqlite::types::ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                self.as_str().to_sql()
            }
        }

        impl rusqlite::types::FromSql for $name {
            fn column_result(
                value: rusqlite::types::ValueRef<'_>,
            ) -> rusqlite::types::FromSqlResult<Self> {
                match value.as_str()? {
                    $($text => Ok(Self::$member),)+
                    _ => Err(rusqlite::types::FromSqlError::InvalidType),
                }
            }
        }
    };
}
pub(crate) use named;
