//! `/api/v1`: all that is declared as a file, and the whole book.

use crate::harness::machine::Answer;
use crate::harness::operator::Operator;
use crate::harness::{House, both};
use countersign::flows::manage::export::export;
use reqwest::Method;
use serde_json::{Value, json};

const SCOPES: [&str; 4] = ["read:declaration", "update:declaration", "read:clients", "read:audit"];

async fn send(operator: &Operator, query: &str, kind: &str, text: &str) -> Answer {
    let bearer = format!("Bearer {}", operator.token);
    let headers = [("authorization", bearer.as_str()), ("content-type", kind)];
    operator.machine.any(Method::POST, &format!("/api/v1/apply{query}"), &headers, text.into()).await
}

const TILL: &str = "\n[[client]]\nid = \"till\"\nname = \"Till\"\nkind = \"web\"\nredirect_uris = [\"https://till.example/cb\"]\nconnections = [\"phone\"]\n";

both!(an_installation_comes_and_goes_as_a_file, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &SCOPES).await;
    let file = operator.get("export").await;
    assert_eq!((file.status, file.header("content-type")), (200, Some("application/toml")));
    assert_eq!(file.header("cache-control"), Some("no-store"));
    assert_eq!(file.body, export(&house.app).await.expect("exports"), "what the command writes");
    let again = send(&operator, "", "application/toml", &file.body).await;
    assert_eq!((again.status, &again.json()["changes"]), (200, &json!([])), "{}", again.body);
    let more = format!("{}{TILL}", file.body);
    let dry = send(&operator, "?dry_run=true", "application/toml", &more).await;
    assert_eq!(dry.status, 200, "{}", dry.body);
    assert!(
        dry.json()["changes"].to_string().contains("till") && dry.json()["made_secrets"] == json!({}),
        "{}",
        dry.body
    );
    assert_eq!(operator.get("clients/till").await.status, 404, "nothing was changed");
    let done = send(&operator, "", "text/plain; charset=utf-8", &more).await;
    assert_eq!((done.status, &done.json()["changes"]), (200, &dry.json()["changes"]), "{}", done.body);
    assert_eq!(done.json()["made_secrets"]["till"].as_str().map(str::len), Some(52), "shown this once");
    assert_eq!(operator.get("clients/till").await.text("name"), "Till");
    let book = operator.get("audit?noun=client&name=till").await.json();
    assert_eq!(
        (&book["data"][0]["actor"], &book["data"][0]["act"]),
        (&json!("client:operator"), &json!("create")),
        "{book}"
    );
    // The first file does not name it: it goes.
    let pruned = send(&operator, "?prune=true", "application/toml", &file.body).await;
    assert_eq!(pruned.status, 200, "{}", pruned.body);
    assert_eq!(operator.get("clients/till").await.status, 404);
    house.close().await;
});

both!(a_file_that_is_wrong_changes_nothing, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &SCOPES).await;
    let revision = house.app.live().catalog.revision;
    let wrong = format!("{TILL}color = \"red\"\n[[client]]\nid = \"x\"\nname = \"X\"\nkind = \"boat\"\n");
    let told = send(&operator, "", "application/toml", &wrong).await;
    assert_eq!((told.status, told.text("type")), (422, "urn:countersign:problem:wrong".into()), "{}", told.body);
    assert!(!told.json()["errors"].as_array().expect("errors").is_empty());
    for (query, kind, text, status) in [
        ("?dry_run=maybe", "application/toml", "", 400),
        ("?prune=1", "application/toml", "", 400),
        ("", "application/json", "{}", 415),
        ("", "application/toml", "[[client", 422),
        ("", "application/toml", "[[client]]\nid = \"a\u{0}b\"\nname = \"X\"\nkind = \"web\"\n", 422),
        ("", "application/toml", "[[carrier]]\nname = \"x\"\nkind = \"smtp\"\npassword_file = \"/etc/passwd\"\n", 422),
    ] {
        let told = send(&operator, query, kind, text).await;
        assert_eq!(told.status, status, "{query} {text}: {}", told.body);
    }
    // Told by its length, before a byte of it came.
    let head = format!(
        "POST /api/v1/apply HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/toml\r\nContent-Length: {}\r\n\r\n",
        operator.token,
        3 * 1024 * 1024
    );
    assert_eq!(crate::sizes::status(&house, head.as_bytes()).await, 413);
    // Larger than any other request may be.
    let large = format!("# {}\n", "x".repeat(1024 * 1024));
    assert_eq!(send(&operator, "", "application/toml", &large).await.status, 200);
    let reader = Operator::called(&house, "reader", &["read:declaration"]).await;
    assert_eq!(send(&reader, "", "application/toml", TILL).await.status, 403);
    let other = Operator::called(&house, "other", &["update:clients", "create:clients"]).await;
    assert_eq!((send(&other, "", "application/toml", TILL).await.status, other.get("export").await.status), (403, 403));
    // Three clients that ask were declared; nothing else.
    assert_eq!(house.app.live().catalog.revision, revision + 2);
    house.close().await;
});

both!(the_book_is_proven_and_taken_along_by_a_program, async |engine| {
    let house = House::open(engine).await;
    let operator = Operator::of(&house, &SCOPES).await;
    let told = operator.get("audit/verify").await.json();
    assert_eq!((&told["whole"], &told["broken_at"], &told["cut_after"]), (&json!(true), &Value::Null, &Value::Null));
    let copy = operator.get("audit/export").await;
    assert_eq!((copy.status, copy.header("content-type")), (200, Some("application/jsonl")));
    let entries: Vec<Value> = copy.body.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(told["entries"], json!(entries.len()), "{}", copy.body);
    assert!(entries.len() > 2 && entries.iter().zip(1..).all(|(entry, seq)| entry["seq"] == seq), "{entries:?}");
    let at = entries[0]["at"].as_i64().expect("seconds");
    for (query, there) in [
        (format!("since={at}"), true),
        (format!("until={at}"), false),
        (format!("since={}", at + 3_600), false),
        (format!("since={at}&until={}", at + 3_600), true),
    ] {
        let found = operator.get(&format!("audit?{query}")).await.json();
        assert_eq!(found["data"].as_array().is_some_and(|data| !data.is_empty()), there, "{query}: {found}");
    }
    for wrong in ["since=soon", "until=-1", "since=999999999999999"] {
        assert_eq!(operator.get(&format!("audit?{wrong}")).await.status, 400, "{wrong}");
    }
    countersign::store::sql::sql("UPDATE audit SET name = 'other' WHERE seq = 2")
        .execute(&house.app.db)
        .await
        .expect("changes");
    let told = operator.get("audit/verify").await.json();
    assert_eq!((&told["whole"], &told["broken_at"], &told["entries"]), (&json!(false), &json!(2), &Value::Null));
    let other = Operator::called(&house, "other", &["read:clients"]).await;
    for path in ["audit/verify", "audit/export"] {
        assert_eq!(other.get(path).await.status, 403, "{path}");
    }
    house.close().await;
});
