//! Every mistake has its error, the message says what to do, and nothing is changed.

use paramgroups::step::{Hyper, Rule, State, TorchAdamW};
use paramgroups::{
    BodyAndHead, ByModule, Chunks, CombinedCos, DecayRule, Error, EvenParts, FineTune, Groups,
    LayerDecay, LayerMatcher, Length, OneCycle, Parameter, Partition, Plan, Segments, Selector,
    Splitter,
};

const PATHS: [&str; 4] = [
    "conv1.weight",
    "layer1.weight",
    "layer10.weight",
    "fc.weight",
];

fn three_stages() -> Partition {
    ByModule::top_level()
        .split(["a.weight", "b.weight", "c.weight"])
        .unwrap()
}

fn split_error(groups: Groups) -> Error {
    groups.split(PATHS).unwrap_err()
}

/// Runs a change that must fail, and checks that it changed nothing.
fn refused(change: impl FnOnce(&mut Partition) -> Result<(), Error>) -> Error {
    let mut partition = three_stages();
    let before = partition.state();
    let error = change(&mut partition).unwrap_err();
    assert_eq!(partition.state(), before, "{error}");
    error
}

#[track_caller]
fn assert_says(error: &Error, words: &[&str]) {
    let message = error.to_string();
    for word in words {
        assert!(message.contains(word), "`{word}` is not in: {message}");
    }
}

#[test]
fn no_parameters() {
    let error = Groups::new()
        .rest("all")
        .split(Vec::<String>::new())
        .unwrap_err();
    assert!(matches!(error, Error::NoParameters));
    assert_says(&error, &["build the model first"]);
}

#[test]
fn a_path_given_twice() {
    let error = Groups::new()
        .rest("all")
        .split(["a", "b", "a"])
        .unwrap_err();
    assert!(matches!(&error, Error::DuplicatePath { path } if path == "a"));
}

#[test]
fn group_names() {
    let twice = split_error(Groups::new().group("a", "fc").group("a", "conv1"));
    assert!(matches!(twice, Error::DuplicateGroup { .. }));
    let unnamed = split_error(Groups::new().group("a", "fc").rest(""));
    assert!(matches!(unnamed, Error::UnnamedGroup { index: 1 }));
    let rests = split_error(Groups::new().rest("a").rest("b"));
    assert!(matches!(rests, Error::TwoRests { .. }));
}

#[test]
fn empty_selectors() {
    for groups in [
        Groups::new().group("a", "").rest("b"),
        Groups::new().group("a", Vec::<Selector>::new()).rest("b"),
        Groups::new().group("a", Selector::path("")).rest("b"),
        Groups::new().group("a", Selector::regex("")).rest("b"),
        Groups::new()
            .group("a", Selector::glob("fc").except(""))
            .rest("b"),
    ] {
        assert!(matches!(split_error(groups), Error::EmptySelector { .. }));
    }
}

#[test]
fn patterns_that_cannot_be_read() {
    let regex = split_error(Groups::new().group("a", Selector::regex("(")).rest("b"));
    assert!(matches!(&regex, Error::BadRegex { pattern, .. } if pattern == "("));
    let layers = LayerMatcher::new()
        .entry("a", "^(")
        .split(PATHS)
        .unwrap_err();
    assert!(matches!(layers, Error::BadRegex { .. }));
    for glob in [
        "a..b",
        ".a",
        "a.",
        "a**",
        "{a",
        "a}",
        "{a,{b,c}}",
        "{a,b}".repeat(12).as_str(),
    ] {
        let error = split_error(Groups::new().group("a", glob).rest("b"));
        assert!(matches!(error, Error::BadGlob { .. }), "{glob}: {error}");
    }
}

#[test]
fn a_selector_without_a_member_names_the_nearest() {
    for (selector, nearest) in [
        (Selector::glob("fcc"), "`fc`"),
        (Selector::glob("layr1.weight"), "`layer1.weight`"),
        (Selector::path("fc"), "`fc.weight`"),
        (Selector::path("fc.wieght"), "`fc.weight`"),
        (Selector::regex("^layer_1$"), "`layer1`"),
    ] {
        let error = split_error(Groups::new().group("a", selector).rest("b"));
        assert!(matches!(error, Error::NotAPartition(_)));
        assert_says(&error, &["matches no parameter", nearest]);
    }
    let error = Groups::new()
        .group("attention", "encoder.layers.*.attention")
        .rest("others")
        .split(["bert.x", "encoder.layer.0.attention.weight"])
        .unwrap_err();
    assert_says(&error, &["did you mean `encoder.layer.*.attention`?"]);
    let error = Groups::new()
        .group("layer", "layer1")
        .rest("others")
        .split(["model.layer1.weight", "model.fc.weight"])
        .unwrap_err();
    assert_says(&error, &["did you mean `model.layer1`?"]);
}

#[test]
fn every_fault_is_listed_at_once() {
    let error = split_error(
        Groups::new()
            .group("first", ["conv1", "stem"])
            .group("second", ["layer1", "conv?"]),
    );
    let Error::NotAPartition(faults) = &error else {
        panic!("{error}");
    };
    assert_eq!(faults.unmatched, ["layer10.weight", "fc.weight"]);
    assert_eq!(faults.memberless.len(), 1);
    assert_eq!(faults.taken_twice.len(), 1);
    assert_says(
        &error,
        &[
            "`stem`",
            "`conv1.weight` is in group `first`",
            "2 parameters are in no group",
        ],
    );
}

#[test]
fn splitters_that_do_not_divide() {
    let head = BodyAndHead::new("**").split(PATHS).unwrap_err();
    assert!(matches!(&head, Error::EmptyGroup { name } if name == "body"));
    let layers = LayerMatcher::new()
        .entry("a", "^zzz")
        .split(PATHS)
        .unwrap_err();
    assert!(matches!(layers, Error::NothingDivided { .. }));
    let capture = LayerMatcher::new()
        .entry("a", r"^(\w+)")
        .split(PATHS)
        .unwrap_err();
    assert!(matches!(capture, Error::BadCapture { .. }));
    for parts in [0, 5] {
        let parts = EvenParts::new(parts).split(PATHS.map(|p| Parameter::new(p).with_shape([1])));
        assert!(matches!(parts, Err(Error::TooManyParts { .. })));
    }
    assert!(matches!(
        Chunks::of(0).split(PATHS),
        Err(Error::TooManyParts { .. })
    ));
    let shape = EvenParts::new(2).split(PATHS).unwrap_err();
    assert!(matches!(shape, Error::UnknownShape { .. }));
}

#[test]
fn freezing_out_of_range() {
    for n in [-4, 3, 100, isize::MIN, isize::MAX] {
        let error = refused(|partition| partition.freeze_to(n));
        assert!(matches!(error, Error::IndexOutOfRange { stages: 3, .. }));
        assert_says(&error, &["-3 to 2", "freeze_all"]);
    }
    let unknown = refused(|partition| partition.freeze_except(["a", "classifier"]));
    assert!(matches!(unknown, Error::UnknownGroup { .. }));
    assert_says(&unknown, &["no group `classifier`", "print the partition"]);
    let none = refused(|partition| partition.freeze_except(Vec::<String>::new()));
    assert!(matches!(none, Error::NothingKept));
}

#[test]
fn keeping_trained_what_is_not_there() {
    let typo = refused(|partition| partition.keep_trainable("a.wieght"));
    assert!(matches!(typo, Error::NoMember { .. }));
    assert_says(&typo, &["matches no parameter: did you mean `a.weight`?"]);
    let empty = refused(|partition| partition.keep_trainable(""));
    assert_says(&empty, &["the selector is empty: name a path"]);
}

#[test]
fn rates_out_of_range() {
    for rate in [f64::NAN, -1e-3, f64::INFINITY] {
        for change in [
            refused(|p| p.set_learning_rates(rate)),
            refused(|p| p.set_learning_rates(..=rate)),
            refused(|p| p.set_learning_rates(1e-5..=rate)),
            refused(|p| p.set_learning_rates([1e-5, rate, 1e-3])),
            refused(|p| p.set_weight_decay([0.0, rate, 0.0])),
            refused(|p| p.set_layer_decay(LayerDecay::new(rate))),
        ] {
            assert!(matches!(change, Error::OutOfRange { .. }));
            assert_says(&change, &["use a"]);
        }
    }
    let zero = refused(|p| p.set_learning_rates(0.0..=1e-3));
    assert!(matches!(zero, Error::OutOfRange { .. }));
    let count = refused(|p| p.set_learning_rates([1e-5, 1e-3]));
    assert!(matches!(
        count,
        Error::WrongCount {
            given: 2,
            stages: 3,
            ..
        }
    ));
    let shape = refused(|p| p.exempt_from_decay(&DecayRule::one_dimensional()));
    assert!(matches!(shape, Error::UnknownShape { .. }));
}

#[test]
fn plans_out_of_range() {
    let partition = three_stages();
    let cycle = |options| Plan::one_cycle(&partition, 1e-3, Length::new(1, 4), options);
    let default = OneCycle::default();
    for options in [
        OneCycle {
            pct_start: 1.5,
            ..default
        },
        OneCycle {
            pct_start: f64::NAN,
            ..default
        },
        OneCycle {
            div: 0.0,
            ..default
        },
        OneCycle {
            div_final: -1.0,
            ..default
        },
        OneCycle {
            moms: [0.9, 1.0, 0.9],
            ..default
        },
    ] {
        assert!(matches!(cycle(options), Err(Error::OutOfRange { .. })));
    }
    let none = Plan::constant(&partition, 1e-3, Length::new(0, 4), 0.9);
    assert!(matches!(none, Err(Error::NoSteps)));
    let plan = cycle(default).unwrap();
    assert!(matches!(plan.step(4), Err(Error::StepOutOfRange { .. })));
    assert!(plan.steps_from(4).unwrap().next().is_none());
    assert!(matches!(
        plan.steps_from(5),
        Err(Error::StepOutOfRange { .. })
    ));
    let one = Groups::new().rest("all").split(PATHS).unwrap();
    let tuned = Plan::fine_tune(&one, 1e-3, FineTune::new(1, 4));
    assert!(matches!(tuned, Err(Error::NothingToFreeze)));
    let longer = Plan::constant(&one, 1e-3, Length::new(1, 4), 0.9).unwrap();
    assert!(matches!(plan.then(longer), Err(Error::WrongPlan { .. })));
    assert!(matches!(
        Segments::new(&[0.5, 0.4]),
        Err(Error::BadShares { .. })
    ));
    assert!(Segments::new(&[]).is_err());
    assert!(CombinedCos::new(0.5, f64::NAN, 1.0, 0.0).is_err());
}

#[test]
fn saved_states_of_something_else() {
    let saved = three_stages().state();

    let mut version = saved.clone();
    version.version = 99;
    let error = refused(|partition| partition.restore(&version));
    assert!(matches!(error, Error::StateVersion { found: 99, .. }));

    let mut renamed = saved.clone();
    renamed.groups[0].name = "z".to_owned();
    let error = refused(|partition| partition.restore(&renamed));
    assert!(matches!(error, Error::StateGroups { .. }));

    let mut moved = saved.clone();
    moved.parameters[0].group = 1;
    let error = refused(|partition| partition.restore(&moved));
    assert!(matches!(error, Error::StateGroups { .. }));

    let mut joined = saved.clone();
    joined.groups[1].stage = 0;
    let error = refused(|partition| partition.restore(&joined));
    assert!(matches!(error, Error::StateGroups { .. }));

    let mut spared = saved.clone();
    spared.groups[1].decays = false;
    let error = refused(|partition| partition.restore(&spared));
    assert!(matches!(error, Error::StateGroups { .. }));

    let mut twice = saved.clone();
    twice.parameters[0] = twice.parameters[1].clone();
    let error = refused(|partition| partition.restore(&twice));
    assert!(matches!(error, Error::StateUnreadable { .. }));

    let mut rate = saved;
    rate.groups[2].learning_rate = f64::NAN;
    let error = refused(|partition| partition.restore(&rate));
    assert!(matches!(error, Error::OutOfRange { .. }));

    let with_shape = |size| {
        Groups::new()
            .rest("all")
            .split([Parameter::new("a").with_shape([size])])
    };
    let saved = with_shape(2).unwrap().state();
    let error = with_shape(3).unwrap().restore(&saved).unwrap_err();
    assert!(matches!(error, Error::StateShape { .. }));
}

#[test]
fn steps_over_slices_of_different_lengths() {
    let hyper = Hyper {
        learning_rate: 0.1,
        momentum: 0.9,
        weight_decay: 0.0,
    };
    let mut weights = [1.0_f64, 2.0];
    let mut state = State::default();
    let rule = TorchAdamW::default();
    let error = rule
        .step(hyper, &mut weights, &[1.0], &mut state)
        .unwrap_err();
    assert!(matches!(
        error,
        Error::WrongLength {
            what: "gradient",
            ..
        }
    ));
    assert_eq!((weights, state.steps), ([1.0, 2.0], 0));
    rule.step(hyper, &mut weights, &[1.0, 1.0], &mut state)
        .unwrap();
    let error = rule
        .step(hyper, &mut [0.0], &[1.0], &mut state)
        .unwrap_err();
    assert!(matches!(
        error,
        Error::WrongLength {
            what: "exp_avg",
            ..
        }
    ));
    assert_eq!(state.steps, 1);
}
