//! The portal, where files come and go: people brought in, all that is declared saved and declared again, an endpoint tried.

use crate::harness::outside::Outside;
use crate::harness::portal::Desk;
use crate::harness::{House, Page, SHOP, both};
use crate::portal_happens::sound;
use countersign::domain::audit::By;
use countersign::domain::import::{Format, Import, State};
use countersign::domain::operator::Role;
use countersign::flows::manage::audit::{Filter, list};
use countersign::flows::manage::import::spool;
use countersign::store::imports;

const PEOPLE: &str = "email,given_name\nada@shop.example,Ada\nnobody,<script>alert(1)</script>\n";

/// Looks again, as a browser without script does, until it is over.
async fn ended(desk: &mut Desk, page: Page) -> Page {
    let mut page = page;
    for _ in 0..600 {
        if !page.html.contains("data-reload") {
            return page;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let here = page.url.clone();
        page = desk.get(&here).await;
    }
    panic!("it does not end: {}", page.text());
}

both!(people_are_brought_in_by_a_form, async |engine| {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("UTF-8");
    let house = House::with(engine, SHOP, &[("data_dir", data)]).await;
    let mut admin = Desk::of(&house, Role::Admin).await;
    let page = admin.get("/admin/imports").await;
    sound(&page, 200, "no imports");
    assert!(page.text().contains("No file was sent yet") && page.html.contains("href=\"/admin/imports/new\""));
    let page = admin.get("/admin/imports/new").await;
    sound(&page, 200, "the form");
    assert!(page.html.contains("enctype=\"multipart/form-data\""), "{}", page.html);
    // Tried first: it says all, and makes nobody.
    let dry = [("format", "csv"), ("dry_run", "true")];
    let page = admin.visitor.post_file("/admin/imports", &dry, ("file", "p.csv", PEOPLE.as_bytes())).await;
    assert!(page.url.starts_with("/admin/imports/imp_"), "{} {}", page.status, page.url);
    let page = ended(&mut admin, page).await;
    sound(&page, 200, "tried");
    assert!(page.text().contains("nobody is made: 1 made, 0 here already, 1 not brought in"), "{}", page.text());
    assert!(page.text().contains("nothing to sign in with"), "{}", page.text());
    assert!(!admin.get("/admin/people").await.text().contains("Ada"));
    let page =
        admin.visitor.post_file("/admin/imports", &[("format", "csv")], ("file", "p.csv", PEOPLE.as_bytes())).await;
    let page = ended(&mut admin, page).await;
    assert!(page.text().contains("1 made, 0 here already, 1 not brought in"), "{}", page.text());
    assert!(admin.get("/admin/people?q=ada").await.text().contains("Ada"));
    let book = list(&house.app, &Filter { noun: "import".into(), ..Filter::default() }, None, 9).await.expect("reads");
    assert!(book.len() == 2 && book.iter().all(|entry| entry.actor.starts_with("operator:kp_")), "{book:?}");
    // Far more than any other form may hold, and never held.
    let many: String = (0..40_000).map(|n| format!("q{n}@shop.example,Somebody called Q{n}\n")).collect();
    let many = format!("email,name\n{many}");
    let page =
        admin.visitor.post_file("/admin/imports", &[("format", "csv")], ("file", "m.csv", many.as_bytes())).await;
    let page = ended(&mut admin, page).await;
    assert!(page.text().contains("40000 made"), "{}", page.text());
    let listed = admin.get("/admin/imports").await;
    sound(&listed, 200, "a list");
    assert!(listed.text().contains("40000 made") && listed.text().contains("tried only"), "{}", listed.text());
    // What is wrong with the form is said on it.
    let long = "x".repeat(100_000);
    for (fields, file, status, said) in [
        (&[("format", "csv")][..], ("file", "", &b""[..]), 422, "Choose a file."),
        (&[("format", "okta")], ("file", "p.csv", PEOPLE.as_bytes()), 422, "Choose whose file it is."),
        (&[("format", &long)], ("file", "p.csv", PEOPLE.as_bytes()), 422, "Choose whose file it is."),
        (&[("format", "<script>alert(1)</script>")], ("other", "p.csv", PEOPLE.as_bytes()), 422, "Choose a file."),
        (&[("format", "csv"), ("dry_run", "\u{0}")], ("other", "x", &b"\0\xff"[..]), 422, "Choose a file."),
    ] {
        let page = admin.visitor.post_file("/admin/imports", fields, file).await;
        sound(&page, status, said);
        assert!(page.text().contains(said), "{}", page.text());
    }
    for (kind, body) in [
        ("application/x-www-form-urlencoded", "format=csv"),
        ("multipart/form-data", "format=csv"),
        (
            "multipart/form-data; boundary=x",
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\ntorn",
        ),
    ] {
        let page = admin.visitor.post_body("/admin/imports", kind, body.into()).await;
        let told = if body.contains("torn") { [400, 422] } else { [400, 400] };
        assert!(told.contains(&page.status.as_u16()), "{kind}: {} {}", page.status, page.text());
    }
    let left = std::fs::read_dir(folder.path().join("imports")).expect("a folder").count();
    assert_eq!(left, 0, "no file is left lying about");
    assert_eq!(admin.get("/admin/imports/imp_nothing").await.status.as_u16(), 404);
    // A file that comes when the sign-in is old is not taken.
    house.pass(31 * 60);
    let page =
        admin.visitor.post_file("/admin/imports", &[("format", "csv")], ("file", "p.csv", PEOPLE.as_bytes())).await;
    assert_eq!(page.status.as_u16(), 401, "{}", page.text());
    house.close().await;
});

fn begun(house: &House, id: &str, command: bool) -> Import {
    let now = house.app.now();
    Import {
        id: id.into(),
        file: "0".repeat(64),
        format: Format::Csv,
        trust_unverified: false,
        dry_run: false,
        actor: if command { By::command().actor.to_string() } else { "client:operator".into() },
        address: String::new(),
        state: State::Running,
        detail: None,
        size: 100,
        position: 0,
        line: 1,
        made: 0,
        present: 0,
        wrong: 0,
        started_at: now,
        updated_at: now,
        finished_at: None,
        heard_at: (!command).then_some(now),
    }
}

both!(an_import_whose_file_is_gone_ends, async |engine| {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("UTF-8");
    let house = House::with(engine, SHOP, &[("data_dir", data)]).await;
    let mut admin = Desk::of(&house, Role::Admin).await;
    for (id, command) in [("imp_gone", false), ("imp_own", true)] {
        imports::add(&house.app.db, &begun(&house, id, command)).await.expect("adds");
    }
    let state = async |id: &str| imports::find(&house.app.db, id).await.expect("finds").expect("there").state;
    // The node that has the file may be starting anew.
    house.pass(55 * 60);
    spool::look(&house.app).await.expect("looks");
    assert_eq!(state("imp_gone").await, State::Running);
    house.pass(10 * 60);
    // One whose file lies here lives on, however long it waits.
    let (here, now) = (begun(&house, "imp_here", false), house.app.now());
    let here = Import { heard_at: Some(now.minus(std::time::Duration::from_secs(7_200))), ..here };
    std::fs::create_dir_all(folder.path().join("imports")).expect("a folder");
    std::fs::write(folder.path().join("imports/imp_here"), PEOPLE).expect("writes");
    imports::add(&house.app.db, &Import { size: PEOPLE.len() as i64, ..here }).await.expect("adds");
    spool::look(&house.app).await.expect("looks");
    spool::look(&house.app).await.expect("and again");
    assert_eq!(state("imp_gone").await, State::Failed);
    assert_eq!(state("imp_own").await, State::Running, "the command that reads it goes on with --resume");
    for _ in 0..200 {
        if state("imp_here").await != State::Running {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(state("imp_here").await, State::Done);
    let page = admin.get("/admin/imports/imp_gone").await;
    sound(&page, 200, "gone");
    assert!(page.text().contains("failed: the server that had the file is gone"), "{}", page.text());
    let book =
        list(&house.app, &Filter { name: "imp_gone".into(), ..Filter::default() }, None, 9).await.expect("reads");
    assert_eq!(book.iter().map(|entry| entry.act.as_str()).collect::<Vec<_>>(), ["finish"], "written once: {book:?}");
    house.close().await;
});

const TILL: &str = "[[client]]\nid = \"till\"\nname = \"<script>alert(1)</script>\"\nkind = \"web\"\nredirect_uris = [\"https://till.example/cb\"]\nconnections = [\"phone\"]\n";
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

both!(a_file_is_looked_at_and_then_declared, async |engine| {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let page = owner.get("/admin/declaration").await;
    sound(&page, 200, "the page");
    let saved = owner.get("/admin/declaration/export").await;
    assert_eq!(saved.headers["content-disposition"], "attachment; filename=\"countersign.toml\"");
    assert_eq!(saved.html, countersign::flows::manage::export::export(&house.app).await.expect("exports"));
    let page = owner
        .visitor
        .post_file("/admin/declaration", &[("act", "look")], ("file", "c.toml", saved.html.as_bytes()))
        .await;
    assert!(page.text().contains("Nothing would change"), "{}", page.text());
    // Looked at: nothing is changed, and no secret stands in the page.
    let gateway = format!(
        "{TILL}[[carrier]]\nname = \"gateway\"\nkind = \"webhook\"\nurl = \"https://gateway.example/\"\nsecret = \"{SECRET}\"\nchannels = [\"sms\"]\n"
    );
    let page =
        owner.visitor.post_file("/admin/declaration", &[("act", "look")], ("file", "c.toml", gateway.as_bytes())).await;
    sound(&page, 200, "looked at");
    assert!(page.text().contains("What would change") && page.text().contains("client till"), "{}", page.text());
    assert!(!page.html.contains(SECRET) && house.app.live().catalog.client("till").is_none(), "{}", page.html);
    let (action, hidden) = page.form("text.typed");
    let fields = |act: &'static str| {
        let hidden = hidden.iter().map(|(name, value)| (name.clone(), value.clone()));
        hidden.chain([("act".to_owned(), act.to_owned())]).collect::<Vec<_>>()
    };
    let all = fields("apply");
    let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    // Sealed for whoever looked.
    let mut admin = Desk::of(&house, Role::Admin).await;
    let told = admin.visitor.post_file(&action, &all, ("file", "", b"")).await;
    assert_eq!((told.status.as_u16(), told.text().contains("Look at it once more")), (422, true), "{}", told.text());
    // A text that nobody looked at is not applied.
    let told = owner.visitor.post_file(&action, &[("text", TILL), ("act", "apply")], ("file", "", b"")).await;
    assert_eq!(told.status.as_u16(), 422, "{}", told.text());
    let done = owner.visitor.post_file(&action, &all, ("file", "", b"")).await;
    sound(&done, 200, "declared");
    assert!(done.text().contains("The secret of till , shown this once"), "{}", done.text());
    let live = house.app.live();
    assert!(live.catalog.client("till").is_some() && live.carrier("gateway").is_some());
    let book = list(&house.app, &Filter { name: "till".into(), ..Filter::default() }, None, 9).await.expect("reads");
    assert!(book[0].actor.starts_with("operator:kp_") && book[0].act == "create", "{book:?}");
    // Pasted, and pruned.
    let fields = [("act", "look"), ("pasted", saved.html.as_str()), ("prune", "true")];
    let page = owner.visitor.post_file("/admin/declaration", &fields, ("file", "", b"")).await;
    assert!(page.text().contains("client till"), "{}", page.text());
    let (_, hidden) = page.form("text.typed");
    let mut fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("act", "apply"));
    let done = owner.visitor.post_file("/admin/declaration", &fields, ("file", "", b"")).await;
    assert_eq!(done.status.as_u16(), 200, "{}", done.text());
    assert!(house.app.live().catalog.client("till").is_none() && house.app.live().carrier("gateway").is_none());
    house.close().await;
});

both!(a_file_that_is_wrong_is_told_line_by_line, async |engine| {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let revision = house.app.live().catalog.revision;
    let wrong = format!("{TILL}color = \"red\"\n");
    let large = vec![b'#'; 2 * 1024 * 1024 + 1];
    for (pasted, file, said) in [
        (wrong.as_str(), &b""[..], "color"),
        ("", wrong.as_bytes(), "color"),
        ("[[client", b"", "Nothing was changed"),
        ("\"><img src=x onerror=alert(1)>", b"", "Nothing was changed"),
        ("", b"\xff\xfe", "no UTF-8"),
        ("", b"", "Choose a file"),
        ("", &large, "larger than 2 MB"),
    ] {
        let name = if file.is_empty() { "" } else { "c.toml" };
        let fields = [("act", "look"), ("pasted", pasted)];
        let page = owner.visitor.post_file("/admin/declaration", &fields, ("file", name, file)).await;
        sound(&page, 422, said);
        assert!(page.text().contains(said), "{said}: {}", page.text());
        assert!(page.html.contains("<textarea id=\"pasted\""), "what was pasted stands there still");
    }
    assert_eq!(house.app.live().catalog.revision, revision);
    house.pass(31 * 60);
    let fields = [("act", "look"), ("pasted", TILL)];
    let page = owner.visitor.post_file("/admin/declaration", &fields, ("file", "", b"")).await;
    assert_eq!(page.status.as_u16(), 401, "sensitive: {}", page.text());
    house.close().await;
});

both!(an_endpoint_is_tried_from_its_page, async |engine| {
    let outside = Outside::open().await;
    let endpoint = format!(
        "{SHOP}\n[[event_endpoint]]\nname = \"ledger\"\nurl = \"{}/events\"\nevents = [\"*\"]\nallow_private = true\n",
        outside.url
    );
    let house = House::with(engine, &endpoint, &[]).await;
    let mut admin = Desk::of(&house, Role::Admin).await;
    let page = admin.get("/admin/event_endpoints/ledger").await;
    assert!(page.html.contains("action=\"/admin/event_endpoints/ledger/test\""), "{}", page.html);
    let told = admin.post("/admin/event_endpoints/ledger/test", &[]).await;
    assert_eq!(told.status.as_u16(), 200, "{}", told.text());
    assert!(told.url.starts_with("/admin/events/event_") && told.text().contains("being tried"), "{}", told.text());
    let told = ended(&mut admin, told).await;
    assert!(told.text().contains("ledger told 1 200"), "{}", told.text());
    let heard = outside.seen("/events").into_iter().filter(|seen| seen.body.contains("endpoint.test"));
    assert_eq!(heard.count(), 1);
    let mut viewer = Desk::of(&house, Role::Viewer).await;
    assert!(!viewer.get("/admin/event_endpoints/ledger").await.html.contains("ledger/test"));
    assert_eq!(viewer.post("/admin/event_endpoints/ledger/test", &[]).await.status.as_u16(), 403);
    house.close().await;
});
