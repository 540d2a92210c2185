//! The API's description as a page: all that programs are told is told to people.

use crate::harness::{House, both};
use serde_json::Value;

both!(the_page_tells_every_operation, async |engine| {
    let house = House::open(engine).await;
    let machine = house.machine();
    let document = machine.get("/api/v1/openapi.json").await.json();
    let page = machine.get("/api/v1/").await;
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let html = page.body;
    let mut operations = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        for method in ["get", "post", "put", "patch", "delete"] {
            let Some(told) = item.get(method) else { continue };
            operations += 1;
            let text = |value: &Value| value.as_str().expect("text").to_owned();
            let id = text(&told["operationId"]);
            let head = format!(
                "<h3 id=\"{id}\"><span class=\"method\">{}</span> <code>{path}</code></h3>",
                method.to_uppercase()
            );
            let article = html.split(&head).nth(1).unwrap_or_else(|| panic!("{method} {path} is not told"));
            let article = article.split("</article>").next().expect("its end");
            assert!(
                article.contains(&format!("<code>{}</code>", text(&told["security"][0]["client"][0]))),
                "{id}: its scope"
            );
            for status in told["responses"].as_object().expect("answers").keys() {
                assert!(article.contains(&format!("<th scope=\"row\">{status}</th>")), "{id}: {status}");
            }
            let parameters =
                [&item["parameters"], &told["parameters"]].into_iter().filter_map(Value::as_array).flatten();
            for parameter in parameters {
                assert!(article.contains(&format!("<code>{}</code>", text(&parameter["name"]))), "{id}: {parameter}");
            }
            assert_eq!(
                article.contains("<th scope=\"row\">body</th>"),
                told.get("requestBody").is_some(),
                "{id}: its body"
            );
        }
    }
    assert!(operations > 60, "{operations}");
    for schema in document["components"]["schemas"].as_object().expect("schemas").keys() {
        assert!(html.contains(&format!("<h3 id=\"schema-{schema}\">")), "{schema}");
    }
    // Every link within the page leads somewhere; nothing runs, and nothing comes from elsewhere.
    for link in html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(html.contains(&format!("id=\"{link}\"")), "#{link}");
    }
    assert!(!html.contains("<script") && !html.contains("src=") && !html.contains("href=\"http"));
    house.close().await;
});
