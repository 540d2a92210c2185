//! Chance that comes out the same each time: what is made up by the same number is the same.

/// SplitMix64: small, and good enough to make up people.
pub(super) struct Chance(u64);

impl Chance {
    pub fn of(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 and below this.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    pub fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most - least + 1)
    }

    /// So many times in a thousand.
    pub fn happens(&mut self, permille: u64) -> bool {
        self.below(1000) < permille
    }

    /// One of these, each as often as it weighs.
    pub fn pick<'a, T>(&mut self, from: &'a [(u64, T)]) -> Option<&'a T> {
        let mut place = self.below(from.iter().map(|(weight, _)| weight).sum());
        from.iter().find_map(|(weight, one)| {
            let here = place < *weight;
            place = place.saturating_sub(*weight);
            here.then_some(one)
        })
    }

    /// 80 bits in hex, as ids end with.
    pub fn tail(&mut self) -> String {
        let (one, other) = (self.next(), self.next());
        format!("{one:016x}{:04x}", other & 0xffff)
    }
}
