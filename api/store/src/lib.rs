#![doc = include_str!("../README.md")]

mod address;
mod backend;
mod batch;
mod cells;
mod edits;
mod error;
mod forget;
mod migrations;
mod minds;
mod options;
mod plan;
mod postgres;
mod project;
mod rows;
mod sqlite;
mod store;
mod tables;
mod value;
mod writer;

pub use batch::{Batch, FrameRow, Head};
pub use error::{CommitError, StoreError};
pub use migrations::SCHEMA;
pub use minds::MindsFile;
pub use options::{Durability, StoreKind, StoreOptions};
pub use rows::*;
pub use store::{
    BountyWords, CaseQuery, Kept, MeasureQuery, OVER_KEPT_MS, Store, TransferQuery, WINDOW_KEEP_MS,
    Whose,
};
