//! aiDollars as integers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An amount in micro-aiDollars (10⁻⁶). Arithmetic is the ledger's business; this type only carries and prints.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Money(pub i64);

/// Micro-aiDollars in one aiDollar.
pub const MICROS: i64 = 1_000_000;

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let micros = self.0.unsigned_abs();
        let (whole, part) = (micros / MICROS as u64, micros % MICROS as u64);
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        let digits = format!("{part:06}");
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not a plain decimal number.
    #[error("an amount is a plain decimal number such as 12.5")]
    Malformed,
    /// Finer than a micro-aiDollar.
    #[error("an amount has at most 6 decimals")]
    TooFine,
    /// Outside the range of 64 bits.
    #[error("an amount lies between -9223372036854.775808 and 9223372036854.775807")]
    OutOfRange,
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !all_digits(whole) || !all_digits(part) {
            return Err(MoneyError::Malformed);
        }
        if part.trim_end_matches('0').len() > 6 {
            return Err(MoneyError::TooFine);
        }
        let whole: i128 = whole.parse().map_err(|_source| MoneyError::OutOfRange)?;
        let part: i128 = format!("{part:0<6.6}")
            .parse()
            .map_err(|_source| MoneyError::Malformed)?;
        let micros = whole
            .checked_mul(i128::from(MICROS))
            .and_then(|m| m.checked_add(part))
            .ok_or(MoneyError::OutOfRange)?;
        let micros = if negative { -micros } else { micros };
        i64::try_from(micros)
            .map(Self)
            .map_err(|_source| MoneyError::OutOfRange)
    }
}

/// An amount as clients write it: a decimal string (`"12.5"`), and read also from a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(pub Money);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AmountVisitor)
    }
}

struct AmountVisitor;

impl AmountVisitor {
    fn read<E: de::Error>(text: &str) -> Result<Amount, E> {
        text.parse().map(Amount).map_err(E::custom)
    }
}

impl de::Visitor<'_> for AmountVisitor {
    type Value = Amount;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount of aiDollars such as \"12.5\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Amount, E> {
        Self::read(text)
    }

    fn visit_u64<E: de::Error>(self, whole: u64) -> Result<Amount, E> {
        Self::read(&whole.to_string())
    }

    fn visit_i64<E: de::Error>(self, whole: i64) -> Result<Amount, E> {
        Self::read(&whole.to_string())
    }

    /// A number's shortest decimal form is what was written; where there were more digits than it holds, a string is needed.
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Amount, E> {
        const EXACT: f64 = 1e9;
        if number.abs() >= EXACT {
            return Err(E::custom("write so large an amount as a string"));
        }
        Self::read(&number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_and_parses() {
        for (text, micros) in [
            ("12.5", 12_500_000),
            ("-0.000001", -1),
            ("3", 3_000_000),
            ("0", 0),
        ] {
            assert_eq!(text.parse(), Ok(Money(micros)));
            assert_eq!(Money(micros).to_string(), text);
        }
        assert_eq!("9223372036854.775807".parse(), Ok(Money(i64::MAX)));
        assert_eq!("-9223372036854.775808".parse(), Ok(Money(i64::MIN)));
    }

    #[test]
    fn refuses_what_is_no_amount() {
        for text in ["", ".", "1.", "NaN", "1e3", "+1", "1,5", " 1"] {
            assert_eq!(text.parse::<Money>(), Err(MoneyError::Malformed), "{text}");
        }
        assert_eq!("0.0000001".parse::<Money>(), Err(MoneyError::TooFine));
        assert_eq!(
            "9223372036855".parse::<Money>(),
            Err(MoneyError::OutOfRange)
        );
    }
}
