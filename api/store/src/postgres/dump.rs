//! A village of a PostgreSQL server as a file: the schema's number, and every table as `COPY` writes it, in pieces.

use std::io::{self, BufRead, BufReader, Read, Write};

/// How a file begins; the schema's number follows.
const BEGINNING: &str = "hamlet on PostgreSQL, format 1, schema ";
/// How it ends.
const END: &str = "end";
/// Bytes a line between tables may have.
const LINE_BYTES_MAX: u64 = 16 << 10;

/// Writes such a file.
pub(super) struct DumpWriter<W> {
    out: W,
}

impl<W: Write> DumpWriter<W> {
    pub(super) fn begin(mut out: W, schema: i64) -> io::Result<Self> {
        writeln!(out, "{BEGINNING}{schema}")?;
        Ok(Self { out })
    }

    pub(super) fn begin_table(&mut self, name: &str, columns: &str) -> io::Result<()> {
        writeln!(self.out, "{}", headline(name, columns))
    }

    /// Some bytes of the table that was begun last.
    pub(super) fn piece(&mut self, bytes: &[u8]) -> io::Result<()> {
        let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        self.out.write_all(&length.to_be_bytes())?;
        self.out.write_all(bytes)
    }

    pub(super) fn end_table(&mut self) -> io::Result<()> {
        // No piece is empty, so this is none.
        self.out.write_all(&0_u32.to_be_bytes())
    }

    pub(super) fn end(mut self) -> io::Result<()> {
        writeln!(self.out, "{END}")?;
        self.out.flush()
    }
}

/// Reads such a file.
pub(super) struct DumpReader<R> {
    source: BufReader<R>,
    schema: i64,
}

impl<R: Read> DumpReader<R> {
    pub(super) fn begin(source: R) -> io::Result<Self> {
        let mut source = BufReader::new(source);
        let line = line(&mut source)?;
        let schema = line.strip_prefix(BEGINNING).map(str::parse);
        let Some(Ok(schema)) = schema else {
            return Err(io::Error::other("it does not begin as one does"));
        };
        Ok(Self { source, schema })
    }

    /// The schema it was written with.
    pub(super) fn schema(&self) -> i64 {
        self.schema
    }

    /// Goes on to the next table, which must be this one.
    pub(super) fn begin_table(&mut self, name: &str, columns: &str) -> io::Result<()> {
        self.expect(&headline(name, columns))
    }

    /// The next bytes of the table; `None` at its end.
    pub(super) fn piece(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut length = [0; 4];
        self.source.read_exact(&mut length)?;
        let length = u64::from(u32::from_be_bytes(length));
        if length == 0 {
            return Ok(None);
        }
        // It grows with what is there, whatever the length claims.
        let mut piece = Vec::new();
        let read = (&mut self.source).take(length).read_to_end(&mut piece)?;
        if read as u64 != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Some(piece))
    }

    pub(super) fn end(mut self) -> io::Result<()> {
        self.expect(END)
    }

    fn expect(&mut self, wanted: &str) -> io::Result<()> {
        let found = line(&mut self.source)?;
        if found == wanted {
            return Ok(());
        }
        Err(io::Error::other(format!(
            "it has {found:?} where {wanted:?} should be"
        )))
    }
}

fn headline(name: &str, columns: &str) -> String {
    format!("table {name} {columns}")
}

fn line(source: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    source.take(LINE_BYTES_MAX).read_line(&mut line)?;
    match line.strip_suffix('\n') {
        Some(line) => Ok(line.to_owned()),
        None => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut dump = DumpWriter::begin(&mut bytes, 7).expect("memory takes it");
        dump.begin_table("posts", "id,text").expect("so");
        dump.piece(b"1\tend\n").expect("so");
        dump.piece(b"2\ttable posts\n").expect("so");
        dump.end_table().expect("so");
        dump.begin_table("empty", "id").expect("so");
        dump.end_table().expect("so");
        dump.end().expect("so");
        bytes
    }

    fn read(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut dump = DumpReader::begin(bytes)?;
        assert_eq!(dump.schema(), 7);
        let mut rows = Vec::new();
        for (table, columns) in [("posts", "id,text"), ("empty", "id")] {
            dump.begin_table(table, columns)?;
            while let Some(piece) = dump.piece()? {
                rows.extend(piece);
            }
        }
        dump.end()?;
        Ok(rows)
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        let rows = read(&written()).expect("it is whole");
        assert_eq!(rows, b"1\tend\n2\ttable posts\n");
    }

    #[test]
    fn what_is_cut_off_anywhere_is_refused() {
        let whole = written();
        for length in 0..whole.len() {
            assert!(read(&whole[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn another_table_than_expected_is_refused() {
        let bytes = written();
        let mut dump = DumpReader::begin(bytes.as_slice()).expect("it begins well");
        let error = dump.begin_table("posts", "id").expect_err("one is missing");
        assert!(error.to_string().contains("table posts id,text"), "{error}");
    }
}
