//! By what memories are found again beside their words.

use hamlet_protocol::memory::Embedding;

use super::lexical::{self, LEXICAL_LEN, LEXICAL_MODEL, Sparse};

/// Who makes vectors of texts. Those of different ones are never compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Embedder {
    /// Hashed words and their beginnings: deterministic, at once, and without an idea of what they mean.
    #[default]
    Lexical,
    /// A model of the pool.
    Model(String),
}

/// What a text means to an embedder.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Meaning {
    Sparse(Sparse),
    Dense(Vec<f32>),
    /// Not asked for yet, or not answered.
    Awaited,
}

impl Embedder {
    /// Its name, kept with every row.
    #[must_use]
    pub fn model(&self) -> &str {
        match self {
            Self::Lexical => LEXICAL_MODEL,
            Self::Model(name) => name,
        }
    }

    /// What a text means, where that takes no time.
    pub(super) fn meaning(&self, text: &str) -> Meaning {
        match self {
            Self::Lexical => Meaning::Sparse(lexical::embed(text)),
            Self::Model(_) => Meaning::Awaited,
        }
    }

    /// What a text meant when it was kept. Vectors of others count as awaited.
    pub(super) fn kept(&self, text: &str, kept: &Embedding) -> Meaning {
        match (self, &kept.vector) {
            (Self::Model(name), Some(bytes)) if *name == kept.model => {
                let (numbers, _) = bytes.as_chunks::<4>();
                Meaning::Dense(numbers.iter().map(|it| f32::from_le_bytes(*it)).collect())
            }
            _ => self.meaning(text),
        }
    }

    pub(super) fn to_keep(&self, meaning: &Meaning) -> Embedding {
        let (dim, vector) = match meaning {
            Meaning::Sparse(_) => (LEXICAL_LEN as u32, None),
            Meaning::Dense(numbers) => {
                let bytes = numbers.iter().flat_map(|number| number.to_le_bytes());
                (numbers.len() as u32, Some(bytes.collect()))
            }
            Meaning::Awaited => (0, None),
        };
        Embedding {
            model: self.model().to_owned(),
            dim,
            vector,
        }
    }
}

impl Meaning {
    /// How alike two meanings are, 0 to 1; 0 where one is not known.
    pub(super) fn likeness(&self, other: &Self) -> f32 {
        match (self, other) {
            (Self::Sparse(one), Self::Sparse(other)) => lexical::likeness(one, other),
            (Self::Dense(one), Self::Dense(other)) if one.len() == other.len() => {
                cosine(one, other)
            }
            _ => 0.0,
        }
    }
}

fn cosine(one: &[f32], other: &[f32]) -> f32 {
    let product = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
    let lengths = (product(one, one) * product(other, other)).sqrt();
    if lengths > 0.0 {
        (product(one, other) / lengths).clamp(0.0, 1.0)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_come_back_and_those_of_others_do_not() {
        let model = Embedder::Model("m".to_owned());
        let kept = model.to_keep(&Meaning::Dense(vec![0.5, -2.0]));
        assert_eq!(kept.dim, 2);
        assert_eq!(model.kept("x", &kept), Meaning::Dense(vec![0.5, -2.0]));
        let other = Embedder::Model("other".to_owned());
        assert_eq!(other.kept("x", &kept), Meaning::Awaited);
        let lexical = Embedder::Lexical.kept("x yes", &kept);
        assert_eq!(lexical, Embedder::Lexical.meaning("x yes"));
    }

    #[test]
    fn likeness_knows_directions_alone() {
        let dense = |numbers: &[f32]| Meaning::Dense(numbers.to_vec());
        assert!((dense(&[1.0, 0.0]).likeness(&dense(&[3.0, 0.0])) - 1.0).abs() < 1e-6);
        for other in [
            dense(&[0.0, 1.0]),
            dense(&[-1.0, 0.0]),
            dense(&[1.0]),
            Meaning::Awaited,
        ] {
            assert!(
                dense(&[1.0, 0.0]).likeness(&other).abs() < 1e-6,
                "{other:?}"
            );
        }
    }
}
