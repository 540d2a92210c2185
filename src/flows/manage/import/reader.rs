//! A file read on a thread of its own, some thousand people ahead of who writes them down.

use super::pieces::{self, End, Pieces, Shape};
use crate::domain::import::{FIREBASE_HEADINGS, Format, Ready, Record, heading};
use std::fs::File;
use std::io::{BufReader, Seek, SeekFrom};
use std::path::PathBuf;
use tokio::sync::mpsc::Sender;

/// People written in one transaction.
const BATCH: usize = 1_000;
const BUFFER: usize = 256 * 1024;
/// Without one of these columns nobody could sign in.
const NEEDED: [&str; 8] =
    ["email", "e_mail", "phone", "phone_number", "mobile", "primaryemail", "primaryphone", "preferred_email"];

pub struct Asked {
    pub path: PathBuf,
    pub format: Format,
    pub trust_unverified: bool,
    /// Bytes and lines read before; none at the beginning.
    pub position: u64,
    pub line: u64,
}

/// Some people, each with their line, and how far the file is read with them.
#[derive(Debug, Default)]
pub struct Batch {
    pub people: Vec<(u64, Result<Ready, String>)>,
    pub position: u64,
    pub line: u64,
}

/// Sends batches until the file is read, or says why it cannot be. Nobody listening any more ends it as well.
pub fn read(asked: &Asked, to: &Sender<Result<Batch, String>>) {
    let sent = open(asked).and_then(|file| file.send(asked, to));
    if let Err(why) = sent {
        // Who does not listen any more needs no reason.
        drop(to.blocking_send(Err(why)));
    }
}

/// A file, cut into records that know their headings.
struct Open {
    pieces: Pieces<BufReader<File>>,
    shape: Shape,
    headings: Vec<String>,
}

fn open(asked: &Asked) -> Result<Open, String> {
    let told = |error: std::io::Error| format!("{}: {error}", asked.path.display());
    let mut file = File::open(&asked.path).map_err(told)?;
    let begun = pieces::begin(&mut file, asked.format == Format::Firebase)?;
    file.seek(SeekFrom::Start(begun.position)).map_err(told)?;
    let mut pieces = Pieces::new(BufReader::with_capacity(BUFFER, file), begun.shape, begun.position, begun.line);
    let headings = headings(asked.format, &mut pieces, begun.shape)?;
    if asked.position > 0 {
        let mut file = File::open(&asked.path).map_err(told)?;
        file.seek(SeekFrom::Start(asked.position)).map_err(told)?;
        pieces = Pieces::new(BufReader::with_capacity(BUFFER, file), begun.shape, asked.position, asked.line);
    }
    Ok(Open { pieces, shape: begun.shape, headings })
}

fn headings(format: Format, pieces: &mut Pieces<BufReader<File>>, shape: Shape) -> Result<Vec<String>, String> {
    let Shape::Cells(between) = shape else { return Ok(Vec::new()) };
    if format == Format::Firebase {
        return Ok(FIREBASE_HEADINGS.map(str::to_owned).into());
    }
    let mut first = Vec::new();
    let piece = pieces.next(&mut first).map_err(|error| error.to_string())?;
    let whole = piece.is_some_and(|piece| piece.end == End::Whole);
    let cells = if whole { cells(&first, between)? } else { csv::StringRecord::new() };
    let headings: Vec<String> = cells.iter().map(heading).collect();
    if !headings.iter().any(|heading| NEEDED.contains(&heading.as_str())) {
        return Err("the first line names the columns, and none is called email or phone".to_owned());
    }
    Ok(headings)
}

impl Open {
    fn send(mut self, asked: &Asked, to: &Sender<Result<Batch, String>>) -> Result<(), String> {
        let (mut batch, mut piece) = (Batch::default(), Vec::new());
        loop {
            let next = self.pieces.next(&mut piece).map_err(|error| error.to_string())?;
            let over = next.is_none();
            if let Some(next) = next {
                let person = match next.end {
                    End::Whole => {
                        self.record(&piece).and_then(|record| asked.format.read(&record).settle(asked.trust_unverified))
                    }
                    End::TooLong => Err("longer than 1 MB".to_owned()),
                    End::Torn => Err("the file ends in the middle of it, or a quote is left open".to_owned()),
                };
                batch.people.push((next.line, person));
            }
            if over || batch.people.len() == BATCH {
                (batch.position, batch.line) = (self.pieces.position, self.pieces.line);
                if to.blocking_send(Ok(std::mem::take(&mut batch))).is_err() || over {
                    return Ok(());
                }
            }
        }
    }

    fn record(&self, piece: &[u8]) -> Result<Record, String> {
        let Shape::Cells(between) = self.shape else {
            let object = serde_json::from_slice(piece).map_err(|error| format!("no JSON object: {}", told(&error)))?;
            return Ok(Record::of(object));
        };
        let cells = cells(piece, between)?;
        // Firebase's lines end with a comma too many, and older ones are shorter.
        if self.headings.as_slice() != FIREBASE_HEADINGS && cells.len() != self.headings.len() {
            return Err(format!("{} cells, where {} columns have a name", cells.len(), self.headings.len()));
        }
        Ok(Record::of_cells(&self.headings, cells.iter()))
    }
}

/// What is wrong with a text, and nothing of the text.
fn told(error: &serde_json::Error) -> &'static str {
    match error.classify() {
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Data => "it is something else",
        _ => "it cannot be read",
    }
}

fn cells(piece: &[u8], between: u8) -> Result<csv::StringRecord, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(between)
        .buffer_capacity(piece.len().clamp(64, BUFFER))
        .from_reader(piece);
    let mut record = csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(_) => Ok(record),
        Err(error) if matches!(error.kind(), csv::ErrorKind::Utf8 { .. }) => Err("not UTF-8".to_owned()),
        Err(_) => Err("no line of cells".to_owned()),
    }
}
