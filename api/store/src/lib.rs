#![doc = include_str!("../README.md")]

mod batch;
mod error;
mod options;
mod rows;
mod store;

pub use batch::{Batch, FrameRow, Head};
pub use error::{CommitError, StoreError};
pub use options::{Durability, StoreKind, StoreOptions};
pub use rows::*;
pub use store::Store;
