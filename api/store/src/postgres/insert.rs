//! Many rows in one statement: a column is an array, and `UNNEST` puts them side by side.

use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Postgres};
use uuid::Uuid;

use crate::value::{Action, Kind, Row, Table, Value};

/// The statement that does this with rows of this table; its parameters are its columns.
pub(super) fn statement(table: Table, action: Action) -> String {
    let arrays: Vec<String> = table
        .columns
        .iter()
        .zip(1..)
        .map(|((_, kind), at)| format!("${at}::{}[]", word(*kind)))
        .collect();
    let arrays = arrays.join(", ");
    let name = table.name;
    let list = table.list();
    match action {
        Action::Insert => format!("INSERT INTO {name} ({list}) SELECT * FROM UNNEST({arrays})"),
        Action::Upsert => {
            let sets: Vec<String> = table
                .rest()
                .map(|column| format!("{column} = excluded.{column}"))
                .collect();
            format!(
                "INSERT INTO {name} ({list}) SELECT * FROM UNNEST({arrays}) ON CONFLICT ({}) DO UPDATE SET {}",
                table.key_list(),
                sets.join(", ")
            )
        }
        Action::Update => {
            let sets: Vec<String> = table
                .rest()
                .map(|column| format!("{column} = COALESCE(new.{column}, {name}.{column})"))
                .collect();
            let keys: Vec<String> = table.columns[..table.key]
                .iter()
                .map(|(column, _)| format!("{name}.{column} = new.{column}"))
                .collect();
            format!(
                "UPDATE {name} SET {} FROM UNNEST({arrays}) AS new ({list}) WHERE {}",
                sets.join(", "),
                keys.join(" AND ")
            )
        }
    }
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Int => "bigint",
        Kind::Text => "text",
        Kind::Uuid => "uuid",
        Kind::Bytes => "bytea",
    }
}

/// The statement with its columns bound.
pub(super) fn bound(
    table: Table,
    action: Action,
    rows: &[Row<'_>],
) -> Query<'static, Postgres, PgArguments> {
    let mut query = sqlx::query(AssertSqlSafe(statement(table, action)));
    for (at, (_, kind)) in table.columns.iter().enumerate() {
        query = bind_column(query, *kind, rows, at);
    }
    query
}

fn bind_column(
    query: Query<'static, Postgres, PgArguments>,
    kind: Kind,
    rows: &[Row<'_>],
    at: usize,
) -> Query<'static, Postgres, PgArguments> {
    let cells = rows.iter().map(|row| &row[at]);
    match kind {
        Kind::Int => query.bind(cells.map(int).collect::<Vec<Option<i64>>>()),
        Kind::Text => query.bind(cells.map(text).collect::<Vec<Option<String>>>()),
        Kind::Uuid => query.bind(cells.map(uuid).collect::<Vec<Option<Uuid>>>()),
        Kind::Bytes => query.bind(cells.map(bytes).collect::<Vec<Option<Vec<u8>>>>()),
    }
}

fn int(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Null | Value::Text(_) | Value::Uuid(_) | Value::Bytes(_) => None,
    }
}

fn text(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone().into_owned()),
        Value::Null | Value::Int(_) | Value::Uuid(_) | Value::Bytes(_) => None,
    }
}

fn uuid(value: &Value<'_>) -> Option<Uuid> {
    match value {
        Value::Uuid(id) => Some(*id),
        Value::Null | Value::Int(_) | Value::Text(_) | Value::Bytes(_) => None,
    }
}

fn bytes(value: &Value<'_>) -> Option<Vec<u8>> {
    match value {
        Value::Bytes(bytes) => Some(bytes.clone().into_owned()),
        Value::Null | Value::Int(_) | Value::Text(_) | Value::Uuid(_) => None,
    }
}
