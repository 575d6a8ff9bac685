//! "Did you mean": the known word that a misspelt one is nearest to.

/// The nearest of `known`, if it is near enough to be meant.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.replace('-', "_");
    known
        .into_iter()
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&word, &candidate.replace('-', "_"));
            (distance, candidate)
        })
        .filter(|(distance, candidate)| *distance <= candidate.len().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    const KNOWN: [&str; 3] = ["flat_sequential", "flat_struct", "collapsed_fine_tune"];

    #[test]
    fn a_typo_finds_its_word() {
        assert_eq!(
            did_you_mean("flat_sequental", KNOWN),
            Some("flat_sequential")
        );
        assert_eq!(did_you_mean("flat-struct", KNOWN), Some("flat_struct"));
    }

    #[test]
    fn a_foreign_word_finds_nothing() {
        assert_eq!(did_you_mean("dead_code", KNOWN), None);
    }
}
