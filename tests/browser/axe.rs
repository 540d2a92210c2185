//! axe-core, the accessibility checker, over whatever page the browser is at.

use crate::chromium::Browser;
use crate::harness::left_out;
use std::sync::OnceLock;

fn source() -> Option<&'static str> {
    static SOURCE: OnceLock<Option<String>> = OnceLock::new();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/target/tests/node_modules/axe-core/axe.min.js");
    SOURCE.get_or_init(|| std::fs::read_to_string(file).ok()).as_deref()
}

/// Whether it is installed; says so where it is not.
pub fn installed() -> bool {
    let installed = source().is_some();
    if !installed {
        left_out("accessibility: no axe-core under target/tests");
    }
    installed
}

const RUN: &str = r"
    const done = arguments[arguments.length - 1];
    const told = (violation) => violation.id + ' (' + violation.help + '): ' +
        violation.nodes.map((node) => node.html + ' ' + node.failureSummary).join('; ');
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, { runOnly: tags, preload: false, resultTypes: ['violations'] })
        .then((found) => done({ passes: found.passes.length, violations: found.violations.map(told) }))
        .catch((error) => done({ passes: 0, violations: [String(error)] }));
";

/// Light and dark, WCAG 2.2 AA and good practice: nothing to object to.
pub async fn check(browser: &Browser, page: &str) {
    browser.assert_quiet().await;
    browser.run(source().expect("installed")).await;
    for dark in [false, true] {
        browser.scheme(dark).await;
        let found = browser.run_async(RUN).await;
        let violations = found["violations"].as_array().expect("a list");
        assert!(violations.is_empty(), "{page}, dark: {dark}: {violations:#?}");
        assert!(found["passes"].as_u64() > Some(5), "axe saw a page: {found}");
    }
}
