//! What minds remember.

use hamlet_protocol::ids::AgentId;
use hamlet_protocol::memory::{Embedding, MemoryRecord};
use sqlx::Error;

use super::Stored;
use crate::cells::Reader;
use crate::value::{Kind, Row, Table, Value};

impl Stored for MemoryRecord {
    const TABLE: Table = Table {
        name: "memories",
        columns: &[
            ("agent", Kind::Uuid),
            ("no", Kind::Int),
            ("tick", Kind::Int),
            ("since", Kind::Int),
            ("kind", Kind::Text),
            ("text", Kind::Text),
            ("importance", Kind::Int),
            ("source", Kind::Text),
            ("about", Kind::Text),
            ("of_rows", Kind::Text),
            ("replaces", Kind::Text),
            ("model", Kind::Text),
            ("dim", Kind::Int),
            ("vector", Kind::Bytes),
        ],
        key: 2,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.agent.0.into(),
            number(self.no),
            number(self.tick),
            number(self.since),
            Value::text(self.kind.as_str()),
            Value::text(self.text.as_str()),
            i64::from(self.importance).into(),
            Value::opt_text(self.source.as_deref()),
            Value::opt_text(self.about.as_deref()),
            Value::text(list(&self.of)),
            Value::text(list(&self.replaces)),
            Value::text(self.embedding.model.as_str()),
            i64::from(self.embedding.dim).into(),
            vector(&self.embedding),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, Error> {
        Ok(Self {
            agent: AgentId(row.uuid()?),
            no: whole(row)?,
            tick: whole(row)?,
            since: whole(row)?,
            kind: row.text()?,
            text: row.text()?,
            importance: fitting(row)?,
            source: row.opt_text()?,
            about: row.opt_text()?,
            of: numbers(row)?,
            replaces: numbers(row)?,
            embedding: Embedding {
                model: row.text()?,
                dim: fitting(row)?,
                vector: row.opt_bytes()?,
            },
        })
    }
}

/// The columns that change when a row gets its vector.
pub(crate) const MEMORY_VECTORS: Table = Table {
    name: "memories",
    columns: &[
        ("agent", Kind::Uuid),
        ("no", Kind::Int),
        ("model", Kind::Text),
        ("dim", Kind::Int),
        ("vector", Kind::Bytes),
    ],
    key: 2,
};

/// The cells of [`MEMORY_VECTORS`].
pub(crate) fn vector_values(agent: AgentId, no: u64, embedding: &Embedding) -> Row<'_> {
    vec![
        agent.0.into(),
        number(no),
        Value::text(embedding.model.as_str()),
        i64::from(embedding.dim).into(),
        vector(embedding),
    ]
}

fn vector(embedding: &Embedding) -> Value<'_> {
    let vector = embedding.vector.as_deref();
    vector.map_or(Value::Null, Value::bytes)
}

/// Ticks and numbers fit: they count up from 0.
pub(crate) fn number(number: u64) -> Value<'static> {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}

/// The only column of a row.
pub(crate) fn agent_of(row: &mut Reader<'_>) -> Result<AgentId, Error> {
    Ok(AgentId(row.uuid()?))
}

fn whole(row: &mut Reader<'_>) -> Result<u64, Error> {
    u64::try_from(row.int()?).map_err(|error| Error::Decode(error.into()))
}

fn fitting<T: TryFrom<i64>>(row: &mut Reader<'_>) -> Result<T, Error>
where
    T::Error: std::error::Error + Send + Sync + 'static,
{
    T::try_from(row.int()?).map_err(|error| Error::Decode(error.into()))
}

/// Numbers as a text, such as `[1,2]`.
fn list(numbers: &[u64]) -> String {
    serde_json::to_string(numbers).unwrap_or_else(|_| "[]".to_owned())
}

fn numbers(row: &mut Reader<'_>) -> Result<Vec<u64>, Error> {
    serde_json::from_str(&row.text()?).map_err(|error| Error::Decode(error.into()))
}
