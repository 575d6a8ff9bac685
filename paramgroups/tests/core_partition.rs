//! A partition holds every parameter exactly once, or says why not.

use paramgroups::{
    BodyAndHead, ByDecay, ByModule, Chunks, CutBefore, DecayRule, Error, EvenParts, Groups,
    LayerMatcher, Parameter, Partition, Selector, Splitter,
};
use proptest::prelude::*;

fn path() -> impl Strategy<Value = String> {
    proptest::collection::vec("(layer|block|norm|bias|[a-c])[0-9]{0,2}", 1..5)
        .prop_map(|segments| segments.join("."))
}

/// Distinct paths, none below another, each with a shape.
fn parameters() -> impl Strategy<Value = Vec<Parameter>> {
    proptest::collection::btree_set(path(), 2..60).prop_flat_map(|paths| {
        let paths: Vec<String> = paths.into_iter().map(|p| format!("{p}.weight")).collect();
        let shapes =
            proptest::collection::vec(proptest::collection::vec(1..9_usize, 0..4), paths.len());
        (Just(paths).prop_shuffle(), shapes).prop_map(|(paths, shapes)| {
            let both = paths.into_iter().zip(shapes);
            both.map(|(path, shape)| Parameter::new(path).with_shape(shape))
                .collect()
        })
    })
}

fn assert_partition(partition: &Partition, parameters: &[Parameter]) {
    assert_eq!(partition.parameters(), parameters);
    let mut times = vec![0; parameters.len()];
    for (number, group) in partition.groups().iter().enumerate() {
        assert!(!group.members().is_empty());
        assert!(group.members().is_sorted());
        for &member in group.members() {
            times[member] += 1;
            assert_eq!(partition.group_indices()[member], number);
            assert_eq!(
                partition.group_of(parameters[member].path()).unwrap(),
                group
            );
        }
    }
    assert!(times.iter().all(|&count| count == 1));
}

/// Each splitter that fits any parameters, and perhaps none.
fn splitters(parameters: &[Parameter]) -> Vec<Box<dyn Splitter>> {
    let some = parameters[parameters.len() / 2].path();
    vec![
        Box::new(Groups::new().rest("all")),
        Box::new(BodyAndHead::new(Selector::path(some))),
        Box::new(BodyAndHead::last_module()),
        Box::new(ByModule::top_level()),
        Box::new(ByModule::at_depth(2)),
        Box::new(CutBefore::new([some])),
        Box::new(Chunks::of(7)),
        Box::new(Chunks::parts(3).head(Selector::path(some))),
        Box::new(EvenParts::new(2)),
        Box::new(
            LayerMatcher::new()
                .entry("blocks", r"^block(\d+)")
                .entry("rest", ""),
        ),
        Box::new(ByDecay::new(ByModule::top_level(), DecayRule::NormAndBias)),
        Box::new(ByDecay::new(
            EvenParts::new(2),
            DecayRule::one_dimensional(),
        )),
    ]
}

proptest! {
    #[test]
    fn every_splitter_places_each_parameter_once(parameters in parameters()) {
        for splitter in splitters(&parameters) {
            match splitter.split(&parameters) {
                Ok(partition) => assert_partition(&partition, &parameters),
                // The named head may be all there is.
                Err(Error::EmptyGroup { .. } | Error::BadCapture { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    #[test]
    fn selectors_give_a_partition_or_name_every_culprit(
        parameters in parameters(),
        globs in proptest::collection::vec("(layer|block|[a-c]|\\*|\\*\\*)(\\.(weight|[a-c]|\\*))?", 1..5),
    ) {
        let groups = globs.iter().enumerate().fold(Groups::new(), |groups, (number, glob)| {
            groups.group(format!("{number}"), glob.as_str())
        });
        let members: Vec<Vec<usize>> = globs
            .iter()
            .map(|glob| Selector::glob(glob).members(&parameters).unwrap())
            .collect();
        let takers = |index: usize| members.iter().filter(|taken| taken.contains(&index)).count();
        match groups.split(&parameters) {
            Ok(partition) => assert_partition(&partition, &parameters),
            Err(Error::NotAPartition(faults)) => {
                let unmatched = (0..parameters.len()).filter(|&index| takers(index) == 0).count();
                let twice = (0..parameters.len()).filter(|&index| takers(index) > 1).count();
                let memberless = members.iter().filter(|taken| taken.is_empty()).count();
                prop_assert_eq!(faults.unmatched.len(), unmatched);
                prop_assert_eq!(faults.taken_twice.len(), twice);
                prop_assert_eq!(faults.memberless.len(), memberless);
            }
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn a_glob_and_the_regex_of_its_meaning_take_the_same(
        parameters in parameters(),
        glob in "(layer|block|[a-c]|\\*|\\*\\*)[0-9?]{0,2}(\\.(weight|[a-c]\\*|\\*\\*)){0,2}",
    ) {
        let mixes_depth = |segment: &str| segment.contains("**") && segment != "**";
        prop_assume!(!glob.split('.').any(mixes_depth));
        let segments: Vec<String> = glob.split('.').map(|segment| match segment {
            "**" => r"([^.]+\.)*".to_owned(),
            plain => format!(
                r"{}\.",
                plain.replace('*', "[^.]*").replace('?', "[^.]")
            ),
        }).collect();
        let meaning = regex::Regex::new(&format!("^{}", segments.concat())).unwrap();
        let expected: Vec<usize> = (0..parameters.len())
            .filter(|&index| meaning.is_match(&format!("{}.", parameters[index].path())))
            .collect();
        prop_assert_eq!(Selector::glob(glob).members(&parameters).unwrap(), expected);
    }

    #[test]
    fn even_parts_are_as_even_as_their_largest_parameter(
        parameters in parameters(),
        parts in 1..5_usize,
    ) {
        prop_assume!(parts <= parameters.len());
        let partition = EvenParts::new(parts).split(&parameters).unwrap();
        let sizes: Vec<usize> = partition.groups().iter().map(|g| g.elements().unwrap()).collect();
        prop_assert_eq!(sizes.len(), parts);
        let total: usize = sizes.iter().sum();
        let largest = parameters.iter().map(|p| p.elements().unwrap()).max().unwrap();
        for size in sizes {
            prop_assert!(size * parts <= total + 2 * parts * largest);
        }
    }

    #[test]
    fn any_text_is_a_selector_or_an_error(text in ".{0,20}") {
        let parameters = ["a.weight", "b.0.bias"].map(Parameter::new);
        for selector in [Selector::glob(&text), Selector::regex(&text), Selector::fnmatch(&text)] {
            let _ = selector.members(&parameters);
            let _ = Groups::new().group("some", selector).rest("others").split(&parameters);
        }
        let _ = LayerMatcher::new().entry("some", text).split(&parameters);
    }

    #[test]
    fn a_saved_state_gives_the_partition_back(parameters in parameters()) {
        let mut partition = ByModule::top_level().split(&parameters).unwrap();
        partition.set_learning_rates(0.3).unwrap();
        partition.keep_norms_trainable(true);
        let _ = partition.freeze();
        let again = Partition::try_from(partition.state()).unwrap();
        prop_assert_eq!(again.state(), partition.state());
        prop_assert_eq!(again.to_string(), partition.to_string());
    }
}
