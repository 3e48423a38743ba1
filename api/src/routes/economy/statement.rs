//! A statement of whoever moved real money, as a CSV file: compared with what was credited here.
//!
//! Columns are found by their names, as PayPal and spreadsheets write them: the transaction's id, the amount, and perhaps whom it is for.

use std::collections::BTreeMap;

use hamlet_protocol::money::Money;

use crate::problem::Problem;

/// Rows of a statement at most.
pub(super) const ROWS_MAX: usize = 10_000;

/// A row of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StatementRow {
    /// Its line in the file, from 1.
    pub(super) line: usize,
    /// The transaction's id.
    pub(super) txn: String,
    /// How much came in; `None`: the cell is no amount.
    pub(super) amount: Option<Money>,
    /// Whom it is for, where the statement says so.
    pub(super) agent: Option<String>,
}

/// Reads a statement.
///
/// # Errors
/// 400 where columns are missing or there are too many rows.
pub(super) fn read(csv: &str) -> Result<Vec<StatementRow>, Problem> {
    let mut lines = records(csv.trim_start_matches('\u{FEFF}')).into_iter();
    let (_, header) = lines.next().unwrap_or_default();
    let names: BTreeMap<String, usize> = (0..)
        .zip(&header)
        .map(|(at, name)| (name.trim().to_lowercase(), at))
        .collect();
    let column = |words: &[&str]| words.iter().find_map(|word| names.get(*word).copied());
    let txn = column(&["transaction id", "txn", "paypal_txn_id", "transaction_id"]);
    let amount = column(&["gross", "amount", "net"]);
    let (Some(txn), Some(amount)) = (txn, amount) else {
        return Err(Problem::invalid(
            "The statement has no columns for transaction and amount.",
            "Begin with a line of names: `Transaction ID,Gross` as PayPal writes them, or `txn,amount,agent`.",
        ));
    };
    let agent = column(&["agent", "agent_id", "custom number", "note"]);
    let mut rows = Vec::new();
    for (line, cells) in lines {
        let cell = |at: usize| cells.get(at).map_or("", |cell| cell.trim());
        if cell(txn).is_empty() {
            continue;
        }
        if rows.len() == ROWS_MAX {
            return Err(Problem::invalid(
                format!("The statement has more than {ROWS_MAX} rows."),
                "Send it in parts.",
            ));
        }
        let whom = agent.map(cell).filter(|whom| !whom.is_empty());
        rows.push(StatementRow {
            line,
            txn: cell(txn).to_owned(),
            amount: cell(amount).replace(',', "").parse().ok(),
            agent: whom.map(str::to_owned),
        });
    }
    Ok(rows)
}

/// The records of a CSV file with the lines they begin in: cells may be quoted, and then hold commas, quotes and new lines.
fn records(csv: &str) -> Vec<(usize, Vec<String>)> {
    let mut records = Vec::new();
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let (mut line, mut began) = (1, 1);
    let mut letters = csv.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '\n' {
            line += 1;
        }
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                cells.push(std::mem::take(&mut cell));
                records.push((began, std::mem::take(&mut cells)));
                began = line;
            }
            letter => cell.push(letter),
        }
    }
    if !cell.is_empty() || !cells.is_empty() {
        cells.push(cell);
        records.push((began, cells));
    }
    records
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_read_by_the_names_of_its_columns() {
        let csv = "\u{FEFF}\"Date\",\"Name\",\"Gross\",\"Transaction ID\",\"Custom Number\"\r\n\
            \"1/2/2026\",\"A, B\",\"1,250.50\",\"9XY\",\"ada\"\r\n\
            \"1/2/2026\",\"say \"\"hi\"\"\",\"x\",\"9XZ\",\"\"\r\n\r\n";
        let rows = read(csv).expect("it is one");
        let amounts: Vec<_> = rows.iter().map(|row| row.amount).collect();
        assert_eq!(amounts, [Some(Money(1_250_500_000)), None]);
        assert_eq!(
            (rows[0].txn.as_str(), rows[0].agent.as_deref()),
            ("9XY", Some("ada"))
        );
        assert_eq!((rows[1].line, rows[1].agent.as_deref()), (3, None));
        assert!(read("a,b\n1,2\n").is_err());
        assert!(read("").is_err());
    }
}
