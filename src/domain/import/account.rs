//! One file on its way in: how much of it is read, and what became of the people in it.

use super::Format;
use crate::domain::time::Time;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Running,
    Done,
    /// It cannot go on: the detail says why.
    Failed,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Running, Self::Done, Self::Failed].into_iter().find(|state| state.as_str() == text)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub id: String,
    /// A hash of the file.
    pub file: String,
    pub format: Format,
    pub trust_unverified: bool,
    /// Nobody is made; all is told.
    pub dry_run: bool,
    pub actor: String,
    pub address: String,
    pub state: State,
    pub detail: Option<String>,
    pub size: i64,
    /// Bytes and lines read.
    pub position: i64,
    pub line: i64,
    pub made: i64,
    /// Here already.
    pub present: i64,
    pub wrong: i64,
    pub started_at: Time,
    pub updated_at: Time,
    pub finished_at: Option<Time>,
    /// When the node that has the file last said so; nothing where the file stays with whoever named it to a command.
    pub heard_at: Option<Time>,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    Made,
    Present,
    Wrong,
}

impl Became {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Made => "made",
            Self::Present => "present",
            Self::Wrong => "wrong",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Made, Self::Present, Self::Wrong].into_iter().find(|became| became.as_str() == text)
    }
}

/// What is said of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub line: i64,
    pub became: Became,
    /// Empty where there is no more to say.
    pub detail: String,
}
