//! Many rows in one statement: they travel as one JSON text, and `jsonb_each` takes them apart: each row stays parsed while its columns are taken out of it.

use std::fmt::Write as _;

use crate::value::{Action, Kind, Row, Table, Value};

/// The statement that does this with rows of this table; its one parameter is [`rows_json`].
pub(super) fn statement(table: Table, action: Action) -> String {
    let columns: Vec<String> = table
        .columns
        .iter()
        .enumerate()
        .map(|(at, (name, kind))| match kind {
            Kind::Int | Kind::Text => format!("value ->> {at} AS {name}"),
            Kind::Uuid | Kind::Bytes => format!("unhex(value ->> {at}) AS {name}"),
        })
        .collect();
    let source = format!("SELECT {} FROM jsonb_each($1)", columns.join(", "));
    let name = table.name;
    match action {
        Action::Insert => format!("INSERT INTO {name} ({}) {source}", table.list()),
        Action::Upsert => {
            let sets: Vec<String> = table
                .rest()
                .map(|column| format!("{column} = excluded.{column}"))
                .collect();
            // `WHERE true`: else the parser takes ON for that of a join.
            format!(
                "INSERT INTO {name} ({}) {source} WHERE true ON CONFLICT ({}) DO UPDATE SET {}",
                table.list(),
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
                "UPDATE {name} SET {} FROM ({source}) AS new WHERE {}",
                sets.join(", "),
                keys.join(" AND ")
            )
        }
    }
}

/// Rows as an array of arrays; bytes as hex.
pub(super) fn rows_json(rows: &[Row<'_>]) -> String {
    let mut json = String::with_capacity(rows.len() * 256);
    json.push('[');
    for (at, row) in rows.iter().enumerate() {
        json.push_str(if at == 0 { "[" } else { ",[" });
        for (at, value) in row.iter().enumerate() {
            if at > 0 {
                json.push(',');
            }
            push(&mut json, value);
        }
        json.push(']');
    }
    json.push(']');
    json
}

fn push(json: &mut String, value: &Value<'_>) {
    match value {
        Value::Null => json.push_str("null"),
        // Writing to a string does not fail.
        Value::Int(number) => drop(write!(json, "{number}")),
        Value::Text(text) => push_text(json, text),
        Value::Uuid(id) => push_hex(json, id.as_bytes()),
        Value::Bytes(bytes) => push_hex(json, bytes),
    }
}

fn push_text(json: &mut String, text: &str) {
    json.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte != b'"' && byte != b'\\' && byte >= 0x20 {
            continue;
        }
        json.push_str(&text[plain..at]);
        plain = at + 1;
        match byte {
            b'"' => json.push_str("\\\""),
            b'\\' => json.push_str("\\\\"),
            control => drop(write!(json, "\\u{control:04x}")),
        }
    }
    json.push_str(&text[plain..]);
    json.push('"');
}

fn push_hex(json: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    json.push('"');
    for byte in bytes {
        json.push(char::from(DIGITS[usize::from(byte >> 4)]));
        json.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_json_whatever_is_in_them() {
        let texts = [
            "",
            "plain",
            "a \"b\" \\ c",
            "line\nand\ttab\u{1}",
            "Grüße 🙂",
        ];
        for text in texts {
            let json = rows_json(&[vec![Value::text(text)]]);
            let back: Vec<Vec<String>> = serde_json::from_str(&json).expect("it is JSON");
            assert_eq!(back, vec![vec![text.to_owned()]]);
        }
    }

    #[test]
    fn bytes_are_hex_and_nothing_is_null() {
        let rows = [vec![Value::bytes(&[0, 255]), Value::Null, Value::Int(-7)]];
        assert_eq!(rows_json(&rows), r#"[["00ff",null,-7]]"#);
    }
}
