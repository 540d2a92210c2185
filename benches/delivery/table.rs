//! The report as a table for people: a column for each load.

use super::phase::Phase;
use super::report::{FELL_MS, FIRST_MS, PAGE_RATIO, PEAK_MIB, Report, Spread, cpus, percentile};
use super::visit::PAGES;

pub fn of(report: &Report) -> String {
    let mut lines = vec![
        format!("\n{}, {} processors, driver and carrier on the same\n", report.engine.name(), cpus()),
        line("", &report.phases().map(|phase| phase.kind.name().to_owned())),
        line("---", &["---"; 4].map(str::to_owned)),
    ];
    let mut row = |name: &str, cell: &dyn Fn(&Phase) -> String| lines.push(line(name, &report.phases().map(cell)));
    row("challenges offered a second", &|phase| phase.rate.to_string());
    row("challenges accepted a second", &|phase| format!("{:.0}", phase.accepted_per_second));
    row("turned away, of", &|phase| format!("{}, {}", phase.turned_away, phase.offered));
    row("errors", &|phase| phase.errors.to_string());
    row("processors the server used", &|phase| format!("{:.2}", phase.server_cpus));
    row("processors driver and carrier used", &|phase| format!("{:.2}", phase.driver_cpus));
    row("server CPU per challenge, ms", &|phase| format!("{:.2}", phase.cpu_per_challenge()));
    row("driver late, ms, p50 / p99", &|phase| late(&phase.late));
    row(&format!("resident at most, MiB ({PEAK_MIB})"), &|phase| format!("{:.0}", phase.peak));
    for (page, name) in PAGES.iter().enumerate() {
        row(&format!("{name}, ms, p50 / p95 / p99"), &|phase| page_times(&phase.pages[page]));
    }
    row(&format!("first message, ms, p50 / p99 / max ({FIRST_MS})"), &|phase| times(&phase.heard.first));
    row("receipt taken, ms, p50 / p99 / max", &|phase| times(&phase.heard.decided));
    row(&format!("receipt to next rung, ms, p50 / p99 / max ({FELL_MS})"), &|phase| times(&phase.heard.fell));
    row("never came, came twice", &|phase| format!("{}, {}", phase.heard.missing, phase.heard.repeated));
    row("receipts refused, without effect", &|phase| format!("{}, {}", phase.heard.refused, phase.heard.stayed));
    row("dead first rung, reached by the next", &|phase| format!("{}, {}", phase.heard.of_the_dead, phase.heard.saved));
    row("calls to the dead carrier", &|phase| phase.dead_called.to_string());
    lines
        .push(format!("\np99 with delivery to without, by turns: least / median ({PAGE_RATIO}) / most of the pairs\n"));
    for (name, ratios) in PAGES.iter().zip(report.ratios()) {
        let at = |percent| percentile(&ratios, percent);
        lines.push(format!("| {name:<15} | {:.2} / {:.2} / {:.2} |", at(0), at(50), at(100)));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn line(name: &str, cells: &[String; 4]) -> String {
    format!("| {name:<52} | {} |", cells.each_ref().map(|cell| format!("{cell:>22}")).join(" | "))
}

fn page_times(sorted: &[f64]) -> String {
    let of = Spread::of(sorted);
    format!("{:.1} / {:.1} / {:.1}", of.p50, of.p95, of.p99)
}

fn times(sorted: &[f64]) -> String {
    let of = Spread::of(sorted);
    if sorted.is_empty() { "–".to_owned() } else { format!("{:.0} / {:.0} / {:.0}", of.p50, of.p99, of.max) }
}

fn late(sorted: &[f64]) -> String {
    let of = Spread::of(sorted);
    format!("{:.1} / {:.1}", of.p50, of.p99)
}
