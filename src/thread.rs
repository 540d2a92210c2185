//! Threads of our own: each has a name, and is as urgent as it should be. Calls nobody.

/// Starts one that ends with its work; `less_urgent` than those that answer people, from 0 to 19.
pub fn start(name: &'static str, less_urgent: i32, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    let begin = move || {
        // Linux counts it for a thread by itself, elsewhere it would be the whole process's.
        if cfg!(target_os = "linux")
            && less_urgent > 0
            && let Err(error) = rustix::process::nice(less_urgent)
        {
            tracing::debug!("{name} is as urgent as pages are: {error}");
        }
        work();
    };
    std::thread::Builder::new().name(name.to_owned()).spawn(begin).map(drop)
}
