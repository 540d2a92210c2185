//! A large file brought in by the command, which is killed in the middle of it again and again: nobody comes twice, and nobody is
//! lost.

use crate::harness::both;
use crate::node::{Place, program_of};
use countersign::store::Db;
use countersign::store::sql::sql;
use std::fmt::Write;
use std::io::Read;
use std::time::Duration;

const PEOPLE: usize = 12_000;

async fn count(db: &Db, text: &'static str) -> i64 {
    sql(text).optional(db).await.expect("counts").map_or(-1, |(count,): (i64,)| count)
}

both!(an_import_that_is_killed_goes_on_where_it_was, async |engine| {
    let place = Place::new(engine, "http://127.0.0.1:9".into()).await;
    let mut text = String::from("email,phone,name\n");
    for n in 0..PEOPLE {
        writeln!(text, "p{n}@shop.example,+23480{:08},Person {n}", 30_000_000 + n).expect("writes");
    }
    let file = place.file("people.csv", &text);
    let file = file.to_str().expect("UTF-8");
    // Makes the tables.
    place.apply("");
    let db = Db::open(&place.database_url, 2).await.expect("opens");
    let mut killed = 0;
    for n in 0..60 {
        let mut running =
            program_of(&place).args(["import", file, "--from", "csv", "--resume"]).spawn().expect("starts");
        let mut stdout = running.stdout.take().expect("piped");
        let mut stderr = running.stderr.take().expect("piped");
        let before = count(&db, "SELECT count(*) FROM subjects").await;
        // Until it has done something, and then a little while, another each time.
        for _ in 0..400 {
            if running.try_wait().expect("waits").is_some()
                || count(&db, "SELECT count(*) FROM subjects").await > before
            {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(n * 7 % 60)).await;
        if running.try_wait().expect("waits").is_none() {
            drop(running.kill());
            killed += 1;
        }
        let status = running.wait().expect("ends");
        let (mut said, mut told) = (String::new(), String::new());
        stdout.read_to_string(&mut said).expect("reads");
        stderr.read_to_string(&mut told).expect("reads");
        let subjects = count(&db, "SELECT count(*) FROM subjects").await;
        let counted = count(&db, "SELECT CAST(sum(made) AS BIGINT) FROM imports").await;
        assert_eq!(counted, subjects, "what is counted is what is there");
        // Killed with its last word on its lips, it is done as well.
        if count(&db, "SELECT count(*) FROM imports WHERE state = 'done'").await > 0 {
            let said_so = told.contains("0 here already, 0 not brought in; passwords stayed behind");
            assert!(said_so || !status.success(), "{told}");
            break;
        }
        assert!(!status.success(), "{told}{said}");
        assert!(told.is_empty() || told.contains('%'), "{told}{said}");
    }
    assert!(killed > 2, "killed only {killed} times");
    assert_eq!(count(&db, "SELECT count(*) FROM subjects").await, PEOPLE as i64);
    assert_eq!(count(&db, "SELECT count(*) FROM identifiers").await, 2 * PEOPLE as i64);
    assert_eq!(count(&db, "SELECT count(*) FROM imports").await, 1, "one import from beginning to end");
    assert_eq!(count(&db, "SELECT count(*) FROM imports WHERE state = 'done'").await, 1);
    // Nobody without a way in, nobody with half of theirs.
    let half = "SELECT count(*) FROM (SELECT subject_id FROM identifiers GROUP BY subject_id HAVING count(*) <> 2) x";
    assert_eq!(count(&db, half).await, 0);
    let book = place.run(&["audit", "verify"]);
    assert!(String::from_utf8_lossy(&book.stdout).starts_with("2 entries"), "begun once, finished once");
});
