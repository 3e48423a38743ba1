//! Where the world stands, its journal and its images.

use super::Stored;
use crate::batch::{FrameRow, Head};
use crate::cells::Reader;
use crate::rows::ImageInfo;
use crate::value::{Kind, Row, Table, Value};

impl Stored for Head {
    const TABLE: Table = Table {
        name: "head",
        columns: &[
            ("epoch", Kind::Int),
            ("batch", Kind::Int),
            ("last_seq", Kind::Int),
            ("tick", Kind::Int),
            ("stamp_ms", Kind::Int),
            ("next_frame", Kind::Int),
            ("next_order", Kind::Int),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.epoch.into(),
            self.batch.into(),
            self.last_seq.into(),
            self.tick.into(),
            self.stamp_ms.into(),
            self.next_frame.into(),
            self.next_order.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            epoch: row.int()?,
            batch: row.int()?,
            last_seq: row.int()?,
            tick: row.int()?,
            stamp_ms: row.int()?,
            next_frame: row.int()?,
            next_order: row.small()?,
        })
    }
}

/// The stamp of a frame is its batch's, so it is written beside these columns and not read.
impl Stored for FrameRow {
    const TABLE: Table = Table {
        name: "frames",
        columns: &[
            ("seq", Kind::Int),
            ("first_tick", Kind::Int),
            ("last_tick", Kind::Int),
            ("bytes", Kind::Bytes),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.seq.into(),
            self.first_tick.into(),
            self.last_tick.into(),
            Value::bytes(&self.bytes),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            seq: row.int()?,
            first_tick: row.int()?,
            last_tick: row.int()?,
            bytes: row.bytes()?,
        })
    }
}

impl Stored for ImageInfo {
    const TABLE: Table = Table {
        name: "images",
        columns: &[
            ("id", Kind::Int),
            ("tick", Kind::Int),
            ("last_seq", Kind::Int),
            ("next_frame", Kind::Int),
            ("next_order", Kind::Int),
            ("format", Kind::Int),
            ("rules", Kind::Int),
            ("created_ms", Kind::Int),
            ("size", Kind::Int),
        ],
        key: 1,
    };

    fn values(&self) -> Row<'_> {
        vec![
            self.id.into(),
            self.tick.into(),
            self.last_seq.into(),
            self.next_frame.into(),
            self.next_order.into(),
            self.format.into(),
            self.rules.into(),
            self.created_ms.into(),
            self.size.into(),
        ]
    }

    fn read(row: &mut Reader<'_>) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.int()?,
            tick: row.int()?,
            last_seq: row.int()?,
            next_frame: row.int()?,
            next_order: row.small()?,
            format: row.small()?,
            rules: row.small()?,
            created_ms: row.int()?,
            size: row.int()?,
        })
    }
}
