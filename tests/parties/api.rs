//! The API's description held against the API by a judge who reads nothing else: schemathesis asks everything the description
//! allows, and much that it does not.

use crate::harness::operator::Operator;
use crate::harness::{Engine, House, SHOP};
use crate::party::{has_python, python};
use std::process::Command;

/// No answer of ours may be a fault, or one that is not described, or of another shape.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance";

#[tokio::test(flavor = "multi_thread")]
async fn the_api_is_what_its_description_says() {
    if !has_python("schemathesis") {
        return;
    }
    // Files it sends lie there.
    let data = tempfile::tempdir().expect("a folder");
    let settings = [("api.per_minute", "1000000"), ("data_dir", data.path().to_str().expect("UTF-8"))];
    let house = House::with(Engine::Sqlite, SHOP, &settings).await;
    let document = house.machine().get("/api/v1/openapi.json").await.json();
    let scopes = &document["components"]["securitySchemes"]["client"]["flows"]["clientCredentials"]["scopes"];
    let scopes: Vec<&str> = scopes.as_object().expect("scopes").keys().map(String::as_str).collect();
    let operator = Operator::of(&house, &scopes).await;
    // It keeps what it found where it runs.
    let folder = tempfile::tempdir().expect("a folder");
    let mut judge = Command::new(python().with_file_name("schemathesis"));
    judge.current_dir(folder.path());
    judge.args(["run", &format!("{}/api/v1/openapi.json", house.issuer), "--seed", "1", "--max-examples", "5"]);
    judge.args(["--checks", CHECKS, "--header", &format!("Authorization: Bearer {}", operator.token)]);
    let judged = tokio::task::spawn_blocking(move || judge.output()).await.expect("runs").expect("starts");
    let told = String::from_utf8_lossy(&judged.stdout).into_owned();
    assert!(judged.status.success(), "{told}\n{}", String::from_utf8_lossy(&judged.stderr));
    let paths = document["paths"].as_object().expect("paths").values();
    let verbs = ["get", "post", "put", "patch", "delete"];
    let operations: usize = paths.map(|path| verbs.iter().filter(|verb| path.get(**verb).is_some()).count()).sum();
    assert!(told.contains(&format!("Tested: {operations}")), "{told}");
    house.close().await;
}
