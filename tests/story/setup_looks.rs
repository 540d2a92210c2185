//! How an application's pages look, seen before it is saved: colour, variables, links, and a logo that comes as a file; without script.

use crate::harness::portal::{Desk, filled};
use crate::harness::{House, Page, both};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::domain::operator::Role;

const LOOKS: &str = "/admin/clients/shop/looks";
const PREVIEW: &str = "/admin/clients/shop/preview";
const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><path d=\"M0 0h1v1z\"/></svg>";
const NASTY: [&str; 4] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "=HYPERLINK(\"http://evil\")",
    "a\u{0}b\u{7}\r\nc",
];

impl Desk {
    /// Sends the form of looks to where one of its buttons leads, with a file in it.
    async fn look(&mut self, page: &Page, to: &str, changes: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Page {
        let (_, fields) = filled(page, "etag", changes);
        let fields = fields.iter().filter(|(name, _)| name != "logo.file");
        let fields: Vec<(&str, &str)> = fields.map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.visitor.upload(to, &fields, files).await
    }
}

/// The pages a gallery shows, each as its frame has it.
fn shots(page: &Page) -> Vec<String> {
    let frames = page.html.split("srcdoc=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let marks = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    frames.map(|html| marks.iter().fold(html.to_owned(), |html, (coded, mark)| html.replace(coded, mark))).collect()
}

both!(how_pages_look_is_seen_before_it_is_saved, async |engine| {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let page = owner.get(LOOKS).await;
    assert!(page.html.len() < 60_000, "{} bytes", page.html.len());
    assert!(page.html.contains(&format!("formaction=\"{PREVIEW}\" formtarget=\"look\"")), "{}", page.html);
    assert!(page.headers["content-security-policy"].to_str().expect("text").contains("frame-src 'self'"));
    let before = house.app.live().catalog.client("shop").cloned();

    let typed = [
        ("color", "#ffee00"),
        ("name", "Shop <of> mine"),
        ("css", "--radius = 3px"),
        ("terms_url", "https://shop.example/terms"),
        ("lang", "ar"),
    ];
    let seen = owner.look(&page, PREVIEW, &typed, &[("logo.file", "image/svg+xml", SVG)]).await;
    assert_eq!(seen.status.as_u16(), 200, "{}", seen.text());
    let (policy, shots) = (seen.headers["content-security-policy"].to_str().expect("text"), shots(&seen));
    assert!(
        policy.contains("frame-ancestors 'self'") && policy.contains("sandbox") && !policy.contains("script-src"),
        "{policy}"
    );
    assert_eq!((seen.headers["x-frame-options"].to_str().expect("text"), shots.len()), ("SAMEORIGIN", 8));
    assert!(seen.text().contains("could not be read well"), "{}", seen.text());
    let logo = format!("data:image/svg+xml;base64,{}", STANDARD.encode(SVG));
    for shot in &shots {
        for holds in ["dir=\"rtl\"", "Shop &#60;of&#62; mine", "--radius:3px", logo.as_str()] {
            assert!(shot.contains(holds), "{holds}: {shot}");
        }
        assert!(!shot.contains("<script") && !shot.contains("prefers-color-scheme"), "{shot}");
    }
    assert_eq!(shots.iter().filter(|shot| shot.contains("p_phone")).count(), 4);
    assert_eq!(shots.iter().filter(|shot| shot.contains("p_confirmation_code")).count(), 4);
    assert_eq!(shots.iter().filter(|shot| shot.contains("content=\"dark\"")).count(), 4);
    assert!(shots[0].contains("https://shop.example/terms"), "{}", shots[0]);
    // What is wrong is named; the rest is seen all the same.
    let seen = owner.look(&page, PREVIEW, &[("color", "red"), ("name", "Corner shop")], &[]).await;
    assert!(seen.text().contains("Colour:") && seen.html.contains("Corner shop"), "{}", seen.text());
    assert_eq!(house.app.live().catalog.client("shop").cloned(), before, "nothing is saved");

    let saved = owner.look(&page, LOOKS, &[("color", "#123456")], &[]).await;
    assert_eq!((saved.status.as_u16(), saved.url.as_str()), (200, "/admin/clients/shop/looks?done=saved"));
    let stale = owner.look(&page, LOOKS, &[("color", "#654321")], &[]).await;
    assert_eq!(stale.status.as_u16(), 409, "{}", stale.text());
    let saved = owner.get(PREVIEW).await;
    assert!(saved.html.contains("#123456"), "{}", saved.html);
    assert_eq!(house.visitor().get(PREVIEW).await.status.as_u16(), 401);
    assert_eq!(owner.get("/admin/clients/nowhere/preview").await.status.as_u16(), 404);
    house.close().await;
});

both!(a_logo_comes_as_a_file, async |engine| {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let logo = || house.app.live().catalog.client("shop").expect("there").branding.logo.clone();
    let page = owner.get(LOOKS).await;
    // Too large, and of another kind: told at the field, and what was typed is there again.
    let (large, huge) = (vec![7_u8; 20 * 1024], vec![7_u8; 3 * 1024 * 1024]);
    for (file, says) in [
        (("logo.file", "image/png", large.as_slice()), "This picture has 20 KB; 16 are the most"),
        (("logo.file", "image/png", huge.as_slice()), "This picture has 3072 KB"),
        (("logo.file", "text/plain", b"hello".as_slice()), "data:"),
    ] {
        let told = owner.look(&page, LOOKS, &[("color", "#0a7f5a")], &[file]).await;
        assert_eq!(
            (told.status.as_u16(), told.html.contains("id=\"logo-wrong\"")),
            (422, true),
            "{says}: {}",
            told.text()
        );
        assert!(told.text().contains(says) && told.html.contains("value=\"#0a7f5a\""), "{}", told.text());
    }
    // Where something else is wrong, the picture need not be chosen again.
    let told = owner.look(&page, LOOKS, &[("color", "red")], &[("logo.file", "image/svg+xml", SVG)]).await;
    assert!(told.text().contains("The picture you chose is kept"), "{}", told.text());
    let saved = owner.look(&told, LOOKS, &[("color", "#0a7f5a")], &[]).await;
    assert_eq!(saved.url, "/admin/clients/shop/looks?done=saved", "{}", saved.text());
    assert_eq!(logo().expect("kept").data, STANDARD.encode(SVG));
    // It is shown, stays when the form is saved as it stands, and is taken away by a box.
    let page = owner.get(LOOKS).await;
    assert!(page.html.contains("<img src=\"data:image/svg+xml;base64,"), "{}", page.html);
    owner.look(&page, LOOKS, &[], &[]).await;
    assert!(logo().is_some());
    let page = owner.get("/admin/clients/shop").await;
    assert!(page.text().contains("Changed under Looks") && page.html.len() < 60_000, "{}", page.html.len());
    owner.save(&page, &[]).await;
    assert!(logo().is_some());
    let page = owner.get(LOOKS).await;
    owner.look(&page, LOOKS, &[("logo.remove", "true")], &[]).await;
    assert!(logo().is_none());
    // As large as it may be, the page stays small.
    let page = owner.get(LOOKS).await;
    let full = vec![b'x'; 16 * 1024];
    let saved = owner.look(&page, LOOKS, &[], &[("logo.file", "image/png", &full)]).await;
    assert_eq!(saved.status.as_u16(), 200, "{}", saved.text());
    for path in [LOOKS, "/admin/clients/shop"] {
        let page = owner.get(path).await;
        assert!(page.html.len() < 60_000, "{path}: {} bytes", page.html.len());
    }
    house.close().await;
});

both!(nothing_bad_comes_back_from_looks, async |engine| {
    let house = House::open(engine).await;
    let mut owner = Desk::of(&house, Role::Owner).await;
    let page = owner.get(LOOKS).await;
    for text in NASTY {
        let typed = [("color", text), ("logo", text), ("terms_url", text), ("css", text), ("lang", text)];
        for to in [LOOKS, PREVIEW] {
            let told = owner.look(&page, to, &typed, &[]).await;
            let wanted = if to == LOOKS { 422 } else { 200 };
            let back = text.contains(['<', '"']) && told.html.contains(text);
            assert_eq!((told.status.as_u16(), back), (wanted, false), "{to}: {}", told.text());
        }
    }
    let large = "x".repeat(100_000);
    for to in [LOOKS, PREVIEW] {
        assert_eq!(owner.post(to, &[("logo", &large)]).await.status.as_u16(), 413);
        assert_eq!(owner.look(&page, to, &[("color", &large)], &[]).await.status.as_u16(), 413);
    }
    let framed = house.visitor().get("/oauth2/auth").await;
    assert_eq!(framed.headers["x-frame-options"], "DENY");
    house.close().await;
});
