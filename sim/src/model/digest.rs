//! State hashes: one number for all that a model is, the same on every platform.

use xxhash_rust::xxh3::Xxh3;

use super::id::Id;

/// A state hash in the making.
#[derive(Clone, Default)]
pub struct Digest(Xxh3);

impl Digest {
    /// Takes something in.
    pub fn add(&mut self, what: &(impl Digested + ?Sized)) {
        what.digest(self);
    }

    /// The hash of all that was taken in.
    #[must_use]
    pub fn finish(&self) -> u64 {
        self.0.digest()
    }
}

/// What a state hash can take in.
pub trait Digested {
    /// Adds all of it to the hash.
    fn digest(&self, into: &mut Digest);
}

macro_rules! digested_as_bytes {
    ($($number:ty)*) => {
        $(impl Digested for $number {
            fn digest(&self, into: &mut Digest) {
                into.0.update(&self.to_le_bytes());
            }
        })*
    };
}

digested_as_bytes!(u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 f32 f64);

impl Digested for bool {
    fn digest(&self, into: &mut Digest) {
        into.add(&u8::from(*self));
    }
}

impl Digested for usize {
    fn digest(&self, into: &mut Digest) {
        into.add(&(*self as u64));
    }
}

impl Digested for () {
    fn digest(&self, _: &mut Digest) {}
}

impl Digested for str {
    fn digest(&self, into: &mut Digest) {
        into.add(&self.len());
        into.0.update(self.as_bytes());
    }
}

impl Digested for String {
    fn digest(&self, into: &mut Digest) {
        into.add(self.as_str());
    }
}

impl Digested for Id {
    fn digest(&self, into: &mut Digest) {
        into.add(&self.index());
    }
}

impl<T: Digested> Digested for Option<T> {
    fn digest(&self, into: &mut Digest) {
        into.add(&self.is_some());
        if let Some(what) = self {
            into.add(what);
        }
    }
}

impl<T: Digested> Digested for [T] {
    fn digest(&self, into: &mut Digest) {
        into.add(&self.len());
        for what in self {
            into.add(what);
        }
    }
}

impl<T: Digested, const N: usize> Digested for [T; N] {
    fn digest(&self, into: &mut Digest) {
        for what in self {
            into.add(what);
        }
    }
}

impl<T: Digested> Digested for Vec<T> {
    fn digest(&self, into: &mut Digest) {
        into.add(self.as_slice());
    }
}

impl<A: Digested, B: Digested> Digested for (A, B) {
    fn digest(&self, into: &mut Digest) {
        into.add(&self.0);
        into.add(&self.1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(what: &(impl Digested + ?Sized)) -> u64 {
        let mut digest = Digest::default();
        digest.add(what);
        digest.finish()
    }

    #[test]
    fn everything_counts() {
        assert_ne!(hash(&vec![1_u8, 2]), hash(&vec![2_u8, 1]));
        assert_ne!(
            hash(&(vec![1_u8], vec![2_u8, 3])),
            hash(&(vec![1_u8, 2], vec![3_u8]))
        );
        assert_ne!(hash(&Some(0_u8)), hash(&None::<u8>));
        assert_ne!(hash(&0.0_f64), hash(&-0.0_f64));
        assert_eq!(hash("town"), hash(&"town".to_owned()));
    }
}
