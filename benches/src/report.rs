//! What a bench found: arms, and ratios between them.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// One arm of a bench.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Arm {
    /// `ours`, or the reference's name, with the variant behind it where there are several.
    pub(crate) name: String,
    /// Its figure.
    pub(crate) value: f64,
    /// Unit of the figure.
    pub(crate) unit: &'static str,
}

/// A bench with all its arms, run side by side.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Bench {
    /// Its name.
    pub(crate) bench: String,
    /// Figures.
    pub(crate) arms: Vec<Arm>,
    /// Ours ÷ theirs.
    pub(crate) ratios: BTreeMap<String, f64>,
    /// What a reader of the table has to know; not in the JSON.
    #[serde(skip)]
    pub(crate) notes: Vec<String>,
    /// Why the figures must not be compared; the program ends with an error.
    #[serde(skip)]
    pub(crate) faults: Vec<String>,
}

impl Bench {
    /// A bench with nothing in it yet.
    pub(crate) fn new(bench: &str) -> Self {
        Self {
            bench: bench.to_owned(),
            ..Self::default()
        }
    }

    /// Adds an arm's figure.
    pub(crate) fn arm(&mut self, name: impl Into<String>, value: f64, unit: &'static str) {
        self.arms.push(Arm {
            name: name.into(),
            value,
            unit,
        });
    }

    /// Adds a ratio, ours ÷ theirs.
    pub(crate) fn ratio(&mut self, key: impl Into<String>, value: f64) {
        self.ratios.insert(key.into(), value);
    }

    /// Says that an arm did not do what it should have done.
    pub(crate) fn fault(&mut self, fault: impl Into<String>) {
        self.faults.push(fault.into());
    }

    /// Adds a line below the table.
    pub(crate) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}

impl fmt::Display for Bench {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.arms.iter().map(|arm| arm.name.len());
        let width = names
            .chain(self.ratios.keys().map(String::len))
            .max()
            .unwrap_or(0);
        writeln!(f, "== {} ==", self.bench)?;
        for Arm { name, value, unit } in &self.arms {
            writeln!(f, "{name:width$}  {:>12} {unit}", figure(*value))?;
        }
        if !self.ratios.is_empty() {
            writeln!(f, "-- ours ÷ theirs")?;
        }
        for (key, value) in &self.ratios {
            writeln!(f, "{key:width$}  {:>12} ×", figure(*value))?;
        }
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        for fault in &self.faults {
            writeln!(f, "FAULT: {fault}")?;
        }
        Ok(())
    }
}

/// A number with about four digits that mean something.
fn figure(value: f64) -> String {
    match value.abs() {
        size if size >= 1000.0 => format!("{value:.0}"),
        size if size >= 100.0 => format!("{value:.1}"),
        size if size >= 10.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_has_what_was_promised_and_no_more() {
        let mut bench = Bench::new("peers");
        bench.arm("ours_x", 1.5, "ms");
        bench.ratio("rate_vs_plain_x", 0.75);
        bench.note("hello");
        let json = serde_json::to_value(&bench).expect("plain data");
        let expected = serde_json::json!({
            "bench": "peers",
            "arms": [{"name": "ours_x", "value": 1.5, "unit": "ms"}],
            "ratios": {"rate_vs_plain_x": 0.75},
        });
        assert_eq!(json, expected);
    }

    #[test]
    fn the_table_shows_arms_ratios_and_notes() {
        let mut bench = Bench::new("peers");
        bench.arm("ours", 1234.5, "ms");
        bench.ratio("rate_vs_plain", 0.5);
        bench.note("hello");
        let table = bench.to_string();
        assert!(
            table.contains("1234 ms") && table.contains("0.500 ×") && table.contains("note: hello")
        );
    }
}
