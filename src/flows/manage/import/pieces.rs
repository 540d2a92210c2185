//! A file cut into records, one at a time, however large the file is or a record pretends to be: lines, lines of cells with quotes,
//! or the objects of a JSON list.

use std::io::{self, BufRead, Read, Seek, SeekFrom};

/// No person is longer: what is, is skipped and told.
pub const LONGEST: usize = 1024 * 1024;

/// How records stand in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Cells between these, a record a line unless a quote says otherwise (RFC 4180).
    Cells(u8),
    /// A JSON object a line.
    Lines,
    /// The objects of a list this deep in the document: 1 is the document itself, 2 the list called `users` in it.
    List(usize),
}

/// One record.
#[derive(Debug, PartialEq, Eq)]
pub struct Piece {
    /// The line it begins at.
    pub line: u64,
    pub end: End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Whole,
    TooLong,
    /// The file ended in the middle of it.
    Torn,
}

pub struct Pieces<R> {
    from: R,
    shape: Shape,
    pub position: u64,
    /// The line that is read.
    pub line: u64,
    scan: Scan,
}

/// Where in a record, or between two, the reader is.
#[derive(Clone, Copy, Debug)]
enum Scan {
    Between,
    /// Of cells: whether quotes are open; whether a cell begins here; whether the last byte may have closed the quotes.
    Cells {
        quoted: bool,
        begins: bool,
        closing: bool,
    },
    Line,
    /// Of JSON: how deep; whether in a text, and behind a backslash in it.
    Json {
        depth: usize,
        text: bool,
        escaped: bool,
    },
}

enum Step {
    Skip,
    Keep,
    /// The record ends before this byte, or with it.
    Ends {
        keep: bool,
    },
    /// Nothing comes any more.
    Over,
}

impl<R: BufRead> Pieces<R> {
    /// `from` stands at this position, which is this line, between two records.
    pub fn new(from: R, shape: Shape, position: u64, line: u64) -> Self {
        Self { from, shape, position, line, scan: Scan::Between }
    }

    /// The next record is put in place of what `into` holds. Nothing when there is none.
    pub fn next(&mut self, into: &mut Vec<u8>) -> io::Result<Option<Piece>> {
        into.clear();
        self.scan = Scan::Between;
        let (mut begun, mut too_long) = (None, false);
        loop {
            let bytes = self.from.fill_buf()?;
            if bytes.is_empty() {
                break;
            }
            let mut used = 0;
            let mut ended = None;
            for &byte in bytes {
                used += 1;
                let line = self.line;
                self.line += u64::from(byte == b'\n');
                let step = self.scan.step(self.shape, byte);
                if !matches!(step, Step::Skip | Step::Over) {
                    begun.get_or_insert(line);
                }
                match step {
                    Step::Skip => continue,
                    Step::Keep | Step::Ends { keep: true } if into.len() < LONGEST => into.push(byte),
                    Step::Keep | Step::Ends { keep: true } => too_long = true,
                    Step::Ends { keep: false } | Step::Over => {}
                }
                if matches!(step, Step::Ends { .. } | Step::Over) {
                    ended = Some(matches!(step, Step::Over));
                    break;
                }
            }
            self.from.consume(used);
            self.position += used as u64;
            match (ended, begun) {
                (Some(true), _) => return Ok(None),
                (Some(false), Some(line)) => {
                    let end = if too_long { End::TooLong } else { End::Whole };
                    return Ok(Some(Piece { line, end }));
                }
                _ => {}
            }
        }
        let torn = match self.scan {
            Scan::Cells { quoted, closing, .. } => quoted && !closing,
            Scan::Json { .. } => true,
            Scan::Between | Scan::Line => false,
        };
        let end = match (too_long, torn) {
            (true, _) => End::TooLong,
            (_, true) => End::Torn,
            _ => End::Whole,
        };
        Ok(begun.map(|line| Piece { line, end }))
    }
}

impl Scan {
    fn step(&mut self, shape: Shape, byte: u8) -> Step {
        match shape {
            Shape::Lines => self.line(byte),
            Shape::Cells(between) => self.cells(between, byte),
            Shape::List(level) => self.json(level, byte),
        }
    }

    fn line(&mut self, byte: u8) -> Step {
        match (*self, byte) {
            (Self::Between, b'\n' | b'\r' | b' ' | b'\t') => Step::Skip,
            (_, b'\n') => Step::Ends { keep: false },
            _ => {
                *self = Self::Line;
                Step::Keep
            }
        }
    }

    fn cells(&mut self, between: u8, byte: u8) -> Step {
        let (quoted, begins, closing) = match *self {
            Self::Cells { quoted, begins, closing } => (quoted, begins, closing),
            _ if matches!(byte, b'\n' | b'\r') => return Step::Skip,
            _ => (false, true, false),
        };
        // A quote in quotes closes them, unless another follows.
        let open = quoted && !closing;
        let (quoted, closing) = match byte {
            b'"' if begins => (true, false),
            b'"' if quoted => (true, !closing),
            _ => (open, false),
        };
        if byte == b'\n' && !open {
            return Step::Ends { keep: false };
        }
        *self = Self::Cells { quoted, begins: !open && byte == between, closing };
        Step::Keep
    }

    fn json(&mut self, level: usize, byte: u8) -> Step {
        let Self::Json { depth, text, escaped } = *self else {
            return match byte {
                b'{' => {
                    *self = Self::Json { depth: level + 1, text: false, escaped: false };
                    Step::Keep
                }
                b']' => Step::Over,
                _ => Step::Skip,
            };
        };
        let (depth, text, escaped) = match (byte, text) {
            _ if escaped => (depth, true, false),
            (b'\\', true) => (depth, true, true),
            (b'"', _) => (depth, !text, false),
            (b'{' | b'[', false) => (depth + 1, false, false),
            (b'}' | b']', false) => (depth - 1, false, false),
            _ => (depth, text, false),
        };
        *self = Self::Json { depth, text, escaped };
        if depth == level { Step::Ends { keep: true } } else { Step::Keep }
    }
}

/// How a file begins, and where its records do.
#[derive(Debug, PartialEq, Eq)]
pub struct Beginning {
    pub shape: Shape,
    pub position: u64,
    pub line: u64,
}

/// What is read of a file to know its shape.
const HEAD: u64 = 64 * 1024;

/// Looks at a file's first bytes. `wrapped` says that it is known to be an object with a list `users`.
pub fn begin<R: Read + Seek>(from: &mut R, wrapped: bool) -> Result<Beginning, String> {
    let mut head = Vec::new();
    let told = |error: io::Error| error.to_string();
    from.seek(SeekFrom::Start(0)).map_err(told)?;
    from.by_ref().take(HEAD).read_to_end(&mut head).map_err(told)?;
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Err("the file is UTF-16: save it as UTF-8".to_owned());
    }
    let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let rest = head.get(mark..).unwrap_or_default();
    let first = rest.iter().position(|byte| !byte.is_ascii_whitespace()).ok_or("the file is empty")?;
    let shape = match rest.get(first) {
        Some(b'[') => Shape::List(1),
        Some(b'{') => match list_within(rest) {
            Some(at) => return Ok(found(&head, mark + at, Shape::List(2))),
            None if wrapped => return Err("no list called \"users\" is in the first 64 KB of it".to_owned()),
            None => Shape::Lines,
        },
        _ => Shape::Cells(between(rest)),
    };
    let at = mark + if shape == Shape::List(1) { first + 1 } else { 0 };
    Ok(found(&head, at, shape))
}

fn found(head: &[u8], at: usize, shape: Shape) -> Beginning {
    let lines = head.iter().take(at).filter(|byte| **byte == b'\n').count();
    Beginning { shape, position: at as u64, line: 1 + lines as u64 }
}

/// Behind the bracket of `"users": [` in the outermost object.
fn list_within(head: &[u8]) -> Option<usize> {
    let (mut depth, mut text, mut escaped, mut last): (usize, bool, bool, Vec<u8>) = (0, false, false, Vec::new());
    for (at, &byte) in head.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if text => escaped = true,
            b'"' => {
                text = !text;
                if text {
                    last.clear();
                }
            }
            _ if text => last.push(byte),
            b'[' if depth == 1 && last == b"users" => return Some(at + 1),
            b'{' | b'[' => depth += 1,
            // A second object: it is one a line.
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return None;
                }
            }
            _ => {}
        }
    }
    None
}

/// What stands between the cells of the first line.
fn between(head: &[u8]) -> u8 {
    let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| first.iter().filter(|byte| **byte == wanted).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|byte| count(*byte)).unwrap_or(b',')
}

#[cfg(test)]
mod tests;
