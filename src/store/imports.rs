//! People brought in by the thousand: what is read of a file, and rows written many at a time.

use super::Tx;
use super::error::StoreError;
use super::row::row;
use super::sql::{Bind, On, sql};
use crate::domain::identifier::{Identifier, Kind};
use crate::domain::ids::SubjectId;
use crate::domain::import::{Became, Format, Import, Ready, Said, State};
use crate::domain::time::Time;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

row! {
    struct Row {
        id: String,
        file: String,
        format: String,
        trust_unverified: bool,
        dry_run: bool,
        actor: String,
        address: String,
        state: String,
        detail: Option<String>,
        size: i64,
        position: i64,
        line: i64,
        made: i64,
        present: i64,
        wrong: i64,
        started_at: i64,
        updated_at: i64,
        finished_at: Option<i64>,
        heard_at: Option<i64>,
    }
}

impl Row {
    fn noun(self) -> Result<Import, StoreError> {
        let broken = |what: &str| StoreError::inconsistent("imports", format!("{}: {what}", self.id));
        Ok(Import {
            format: Format::parse(&self.format).ok_or_else(|| broken("format"))?,
            state: State::parse(&self.state).ok_or_else(|| broken("state"))?,
            id: self.id,
            file: self.file,
            trust_unverified: self.trust_unverified,
            dry_run: self.dry_run,
            actor: self.actor,
            address: self.address,
            detail: self.detail,
            size: self.size,
            position: self.position,
            line: self.line,
            made: self.made,
            present: self.present,
            wrong: self.wrong,
            started_at: Time(self.started_at),
            updated_at: Time(self.updated_at),
            finished_at: self.finished_at.map(Time),
            heard_at: self.heard_at.map(Time),
        })
    }
}

pub async fn add(on: impl Into<On<'_>>, import: &Import) -> Result<(), StoreError> {
    sql("INSERT INTO imports (id, file, format, trust_unverified, dry_run, actor, address, state, detail, size, position, line, made, present, wrong, started_at, updated_at, finished_at, heard_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)")
        .bind(&import.id)
        .bind(&import.file)
        .bind(import.format.as_str())
        .bind(import.trust_unverified)
        .bind(import.dry_run)
        .bind(&import.actor)
        .bind(&import.address)
        .bind(import.state.as_str())
        .bind(import.detail.clone())
        .bind(import.size)
        .bind(import.position)
        .bind(import.line)
        .bind(import.made)
        .bind(import.present)
        .bind(import.wrong)
        .bind(import.started_at)
        .bind(import.updated_at)
        .bind(import.finished_at)
        .bind(import.heard_at)
        .execute(on)
        .await
        .map(drop)
}

pub async fn find(on: impl Into<On<'_>>, id: &str) -> Result<Option<Import>, StoreError> {
    let row: Option<Row> = sql("SELECT id, file, format, trust_unverified, dry_run, actor, address, state, detail, size, position, line, made, present, wrong, started_at, updated_at, finished_at, heard_at
         FROM imports WHERE id = $1")
        .bind(id)
        .optional(on)
        .await?;
    row.map(Row::noun).transpose()
}

/// The newest of this file that is not over yet.
pub async fn find_begun(on: impl Into<On<'_>>, file: &str, format: Format) -> Result<Option<Import>, StoreError> {
    let row: Option<Row> = sql("SELECT id, file, format, trust_unverified, dry_run, actor, address, state, detail, size, position, line, made, present, wrong, started_at, updated_at, finished_at, heard_at
         FROM imports WHERE file = $1 AND format = $2 AND state = 'running' AND NOT dry_run ORDER BY started_at DESC LIMIT 1")
        .bind(file)
        .bind(format.as_str())
        .optional(on)
        .await?;
    row.map(Row::noun).transpose()
}

/// A page of them, newest first: those begun before this moment and id.
pub async fn list(on: impl Into<On<'_>>, before: (Time, &str), most: i64) -> Result<Vec<Import>, StoreError> {
    let rows: Vec<Row> = sql("SELECT id, file, format, trust_unverified, dry_run, actor, address, state, detail, size, position, line, made, present, wrong, started_at, updated_at, finished_at, heard_at
         FROM imports WHERE (started_at, id) < ($1, $2) ORDER BY started_at DESC, id DESC LIMIT $3")
        .bind(before.0)
        .bind(before.1)
        .bind(most)
        .all(on)
        .await?;
    rows.into_iter().map(Row::noun).collect()
}

/// How far it is, and how it stands. `false` where somebody else read on meanwhile: `from` is where this one stood.
pub async fn change(on: impl Into<On<'_>>, import: &Import, from: i64) -> Result<bool, StoreError> {
    let changed = sql("UPDATE imports SET state = $3, detail = $4, position = $5, line = $6, made = $7, present = $8, wrong = $9, updated_at = $10, finished_at = $11
         WHERE id = $1 AND position = $2 AND state = 'running'")
        .bind(&import.id)
        .bind(from)
        .bind(import.state.as_str())
        .bind(import.detail.clone())
        .bind(import.position)
        .bind(import.line)
        .bind(import.made)
        .bind(import.present)
        .bind(import.wrong)
        .bind(import.updated_at)
        .bind(import.finished_at);
    Ok(changed.execute(on).await? == 1)
}

/// Its file is here, and will be read.
pub async fn hear(on: impl Into<On<'_>>, id: &str, now: Time) -> Result<(), StoreError> {
    sql("UPDATE imports SET heard_at = $2 WHERE id = $1 AND state = 'running' AND heard_at IS NOT NULL")
        .bind(id)
        .bind(now)
        .execute(on)
        .await
        .map(drop)
}

/// Those whose file nobody said to have since then.
pub async fn list_unheard(on: impl Into<On<'_>>, since: Time) -> Result<Vec<Import>, StoreError> {
    let rows: Vec<Row> = sql("SELECT id, file, format, trust_unverified, dry_run, actor, address, state, detail, size, position, line, made, present, wrong, started_at, updated_at, finished_at, heard_at
         FROM imports WHERE state = 'running' AND heard_at < $1 ORDER BY heard_at, id")
        .bind(since)
        .all(on)
        .await?;
    rows.into_iter().map(Row::noun).collect()
}

row! {
    struct LineRow {
        line: i64,
        outcome: String,
        detail: String,
    }
}

/// What is said of lines, in their order, after this one.
pub async fn list_lines(on: impl Into<On<'_>>, id: &str, after: i64, most: i64) -> Result<Vec<Said>, StoreError> {
    let rows: Vec<LineRow> =
        sql("SELECT line, outcome, detail FROM import_lines WHERE import_id = $1 AND line > $2 ORDER BY line LIMIT $3")
            .bind(id)
            .bind(after)
            .bind(most)
            .all(on)
            .await?;
    let noun = |row: LineRow| Some(Said { line: row.line, became: Became::parse(&row.outcome)?, detail: row.detail });
    Ok(rows.into_iter().filter_map(noun).collect())
}

/// Those that ended before, with what was said of their lines.
pub async fn forget_finished(on: impl Into<On<'_>>, before: Time) -> Result<u64, StoreError> {
    sql("DELETE FROM imports WHERE finished_at <= $1").relaxed().bind(before).execute(on).await
}

/// Rows written by one statement: PostgreSQL is a walk away, and each way costs as much as many rows.
const AT_ONCE: usize = 200;

/// `VALUES` of so many rows.
fn many(head: &str, columns: usize, tail: &str) -> String {
    let row = |n: usize| {
        let binds: Vec<String> = (1..=columns).map(|column| format!("${}", n * columns + column)).collect();
        format!("({})", binds.join(", "))
    };
    let rows: Vec<String> = (0..AT_ONCE).map(row).collect();
    format!("{head} VALUES {}{tail}", rows.join(", "))
}

static SUBJECTS: LazyLock<String> = LazyLock::new(|| {
    many("INSERT INTO subjects (id, created_at, updated_at, blocked_at, profile)", 5, " ON CONFLICT (id) DO NOTHING")
});
static IDENTIFIERS: LazyLock<String> = LazyLock::new(|| {
    let head = "INSERT INTO identifiers (kind, value, subject_id, added_at, verified_at)";
    many(head, 5, " ON CONFLICT (kind, value) DO NOTHING")
});
static NAMES: LazyLock<String> =
    LazyLock::new(|| many("INSERT INTO names (word, subject_id)", 2, " ON CONFLICT (word, subject_id) DO NOTHING"));
static MEMBERSHIPS: LazyLock<String> = LazyLock::new(|| {
    let head = "INSERT INTO memberships (subject_id, organization, roles, permissions, joined_at)";
    many(head, 5, " ON CONFLICT (subject_id, organization) DO NOTHING")
});
static LINES: LazyLock<String> = LazyLock::new(|| {
    many("INSERT INTO import_lines (import_id, line, outcome, detail)", 4, " ON CONFLICT (import_id, line) DO NOTHING")
});
static KNOWN: LazyLock<String> = LazyLock::new(|| {
    let tail = ") SELECT i.kind, i.value, i.subject_id FROM asked a JOIN identifiers i ON i.kind = a.kind AND i.value = a.value";
    many("WITH asked (kind, value) AS (", 2, tail)
});
static TAKEN: LazyLock<String> =
    LazyLock::new(|| many("WITH asked (id) AS (", 1, ") SELECT s.id FROM asked a JOIN subjects s ON s.id = a.id"));

/// The binds of some rows, made up to `AT_ONCE` by the last of them again, which changes nothing.
fn filled(rows: &[Vec<Bind>]) -> impl Iterator<Item = Bind> {
    let last = rows.last().cloned().unwrap_or_default();
    let more = AT_ONCE.saturating_sub(rows.len());
    rows.iter().cloned().chain(std::iter::repeat_n(last, more)).flatten()
}

/// How many rows were not there already.
async fn write(tx: &mut Tx, text: &'static str, rows: &[Vec<Bind>]) -> Result<u64, StoreError> {
    let mut written = 0;
    for rows in rows.chunks(AT_ONCE) {
        let statement = filled(rows).fold(sql(text), |statement, bind| statement.bind(bind));
        written += statement.execute(&mut *tx).await?;
    }
    Ok(written)
}

row! {
    struct Owned {
        kind: String,
        value: String,
        subject_id: String,
    }
}

/// Whose these identifiers are, where they are somebody's.
pub async fn list_known(
    tx: &mut Tx,
    identifiers: &[&Identifier],
) -> Result<HashMap<Identifier, SubjectId>, StoreError> {
    let rows: Vec<Vec<Bind>> =
        identifiers.iter().map(|one| vec![Bind::from(one.kind().as_str()), Bind::from(one.reveal())]).collect();
    let mut known = HashMap::new();
    for rows in rows.chunks(AT_ONCE) {
        let statement = filled(rows).fold(sql(&KNOWN), |statement, bind| statement.bind(bind));
        let found: Vec<Owned> = statement.all(&mut *tx).await?;
        known.extend(found.into_iter().filter_map(|row| {
            let identifier = Identifier::stored(Kind::parse(&row.kind)?, row.value);
            Some((identifier, SubjectId::new(row.subject_id)))
        }));
    }
    Ok(known)
}

/// Which of these ids are somebody's.
pub async fn list_taken(tx: &mut Tx, ids: &[&SubjectId]) -> Result<HashSet<SubjectId>, StoreError> {
    let rows: Vec<Vec<Bind>> = ids.iter().map(|id| vec![Bind::from(*id)]).collect();
    let mut taken = HashSet::new();
    for rows in rows.chunks(AT_ONCE) {
        let statement = filled(rows).fold(sql(&TAKEN), |statement, bind| statement.bind(bind));
        let found: Vec<(String,)> = statement.all(&mut *tx).await?;
        taken.extend(found.into_iter().map(|(id,)| SubjectId::new(id)));
    }
    Ok(taken)
}

/// New people, each with the id they get; memberships are by code. `false` where somebody proved one of the identifiers a moment
/// ago: then nothing of this may be kept.
pub async fn add_people(tx: &mut Tx, people: &[(&SubjectId, &Ready)], now: Time) -> Result<bool, StoreError> {
    let (mut subjects, mut identifiers, mut names, mut memberships) = (vec![], vec![], vec![], vec![]);
    for (id, person) in people {
        let profile = serde_json::to_string(&person.profile)
            .map_err(|error| StoreError::inconsistent("subjects", error.to_string()))?;
        let blocked = person.blocked.then_some(now);
        subjects.push(vec![Bind::from(*id), now.into(), now.into(), blocked.into(), profile.into()]);
        identifiers.extend(person.identifiers.iter().map(|one| {
            vec![Bind::from(one.kind().as_str()), one.reveal().into(), (*id).into(), now.into(), now.into()]
        }));
        names.extend(person.profile.words().into_iter().map(|word| vec![Bind::from(word), (*id).into()]));
        memberships.extend(person.memberships.iter().map(|one| {
            let (roles, permissions) = (one.roles.join(" "), one.permissions.join(" "));
            vec![Bind::from(*id), (&one.organization).into(), roles.into(), permissions.into(), now.into()]
        }));
    }
    let made = write(tx, &SUBJECTS, &subjects).await?;
    let linked = write(tx, &IDENTIFIERS, &identifiers).await?;
    write(tx, &NAMES, &names).await?;
    write(tx, &MEMBERSHIPS, &memberships).await?;
    Ok(made == subjects.len() as u64 && linked == identifiers.len() as u64)
}

pub async fn add_lines(tx: &mut Tx, id: &str, lines: &[Said]) -> Result<(), StoreError> {
    let rows: Vec<Vec<Bind>> = lines
        .iter()
        .map(|said| vec![Bind::from(id), said.line.into(), said.became.as_str().into(), (&said.detail).into()])
        .collect();
    write(tx, &LINES, &rows).await.map(drop)
}
