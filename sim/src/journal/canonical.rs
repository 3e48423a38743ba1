//! The canonical bytes of a value, for hashing: fixed widths, no names, no alternatives.
//!
//! Numbers are little endian in their own width, floats by their bits, a `bool` and the presence of an option are one byte.
//! Texts, byte strings, lists and maps are preceded by their length as 64 bits, variants by their number as 32;
//! the fields of a struct or tuple follow one another.

use std::fmt;

use serde::ser::{self, Serialize};
use xxhash_rust::xxh3::Xxh3;

/// Bytes gathered before they go to the hash, which likes them in bulk. It fits the first-level cache.
const BUFFER_BYTES: usize = 8 << 10;

/// Feeds the canonical bytes of values to a hash.
pub(super) struct Canonical {
    hasher: Box<Xxh3>,
    buffer: Box<[u8; BUFFER_BYTES]>,
    len: usize,
}

impl Canonical {
    pub(super) fn new() -> Self {
        Self {
            hasher: Box::new(Xxh3::new()),
            buffer: Box::new([0; BUFFER_BYTES]),
            len: 0,
        }
    }

    /// The hash of all that was written.
    pub(super) fn finish(mut self) -> u128 {
        self.spill();
        self.hasher.digest128()
    }

    #[inline]
    fn put<const N: usize>(&mut self, bytes: [u8; N]) {
        if BUFFER_BYTES - self.len < N {
            self.spill();
        }
        self.buffer[self.len..self.len + N].copy_from_slice(&bytes);
        self.len += N;
    }

    fn put_slice(&mut self, bytes: &[u8]) {
        self.put((bytes.len() as u64).to_le_bytes());
        if BUFFER_BYTES - self.len < bytes.len() {
            self.spill();
        }
        if bytes.len() > BUFFER_BYTES {
            self.hasher.update(bytes);
        } else {
            self.buffer[self.len..self.len + bytes.len()].copy_from_slice(bytes);
            self.len += bytes.len();
        }
    }

    #[cold]
    fn spill(&mut self) {
        self.hasher.update(&self.buffer[..self.len]);
        self.len = 0;
    }

    fn put_len(&mut self, len: Option<usize>) -> Result<(), Unhashable> {
        let len = len.ok_or_else(|| Unhashable("a list does not know its length".to_owned()))?;
        self.put((len as u64).to_le_bytes());
        Ok(())
    }
}

/// Why a value has no canonical bytes.
#[derive(Debug)]
pub(super) struct Unhashable(String);

impl fmt::Display for Unhashable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unhashable {}

impl ser::Error for Unhashable {
    fn custom<T: fmt::Display>(what: T) -> Self {
        Self(what.to_string())
    }
}

type Done = Result<(), Unhashable>;

macro_rules! number {
    ($($method:ident $type:ty),+) => {
        $(#[inline]
        fn $method(self, value: $type) -> Done {
            self.put(value.to_le_bytes());
            Ok(())
        })+
    };
}

impl ser::Serializer for &mut Canonical {
    type Ok = ();
    type Error = Unhashable;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    number!(
        serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64, serialize_i128 i128,
        serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64, serialize_u128 u128
    );

    fn serialize_bool(self, value: bool) -> Done {
        self.put([u8::from(value)]);
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Done {
        self.serialize_u32(value.to_bits())
    }

    fn serialize_f64(self, value: f64) -> Done {
        self.serialize_u64(value.to_bits())
    }

    fn serialize_char(self, value: char) -> Done {
        self.serialize_u32(value.into())
    }

    fn serialize_str(self, value: &str) -> Done {
        self.serialize_bytes(value.as_bytes())
    }

    fn serialize_bytes(self, value: &[u8]) -> Done {
        self.put_slice(value);
        Ok(())
    }

    fn serialize_none(self) -> Done {
        self.serialize_bool(false)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        self.put([1]);
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Done {
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        index: u32,
        _variant: &'static str,
    ) -> Done {
        self.serialize_u32(index)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Done {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        index: u32,
        _variant: &'static str,
        value: &T,
    ) -> Done {
        self.put(index.to_le_bytes());
        value.serialize(self)
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self, Unhashable> {
        self.put_len(len)?;
        Ok(self)
    }

    fn serialize_tuple(self, _len: usize) -> Result<Self, Unhashable> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Self, Unhashable> {
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self, Unhashable> {
        self.put(index.to_le_bytes());
        Ok(self)
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Self, Unhashable> {
        self.put_len(len)?;
        Ok(self)
    }

    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Self, Unhashable> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self, Unhashable> {
        self.put(index.to_le_bytes());
        Ok(self)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

macro_rules! one_after_the_other {
    ($($trait:ident $method:ident($($name:ident)?)),+) => {
        $(impl ser::$trait for &mut Canonical {
            type Ok = ();
            type Error = Unhashable;

            #[inline]
            fn $method<T: Serialize + ?Sized>(&mut self, $($name: &'static str,)? value: &T) -> Done {
                value.serialize(&mut **self)
            }

            fn end(self) -> Done {
                Ok(())
            }
        })+
    };
}

one_after_the_other!(
    SerializeSeq serialize_element(),
    SerializeTuple serialize_element(),
    SerializeTupleStruct serialize_field(),
    SerializeTupleVariant serialize_field(),
    SerializeStruct serialize_field(_name),
    SerializeStructVariant serialize_field(_name)
);

impl ser::SerializeMap for &mut Canonical {
    type Ok = ();
    type Error = Unhashable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        value.serialize(&mut **self)
    }

    fn end(self) -> Done {
        Ok(())
    }
}
