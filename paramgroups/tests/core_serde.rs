//! A partition as JSON and back.

#![cfg(feature = "serde")]

use paramgroups::{BodyAndHead, DecayRule, Parameter, Partition, Splitter};

fn partition() -> Partition {
    let mut partition = BodyAndHead::new("fc")
        .split([
            Parameter::new("conv.weight").with_shape([8, 3, 3, 3]),
            Parameter::new("bn.weight").with_shape([8]),
            Parameter::new("fc.weight").with_shape([2, 8]),
        ])
        .unwrap();
    partition.set_learning_rates(1e-5..=0.1).unwrap();
    partition.set_weight_decay([0.01, 0.1]).unwrap();
    partition
        .exempt_from_decay(&DecayRule::NormAndBias)
        .unwrap();
    partition.keep_norms_trainable(true);
    partition.freeze().unwrap();
    partition
}

#[test]
fn a_partition_comes_back_as_it_was() {
    let partition = partition();
    let json = serde_json::to_string(&partition).unwrap();
    let again: Partition = serde_json::from_str(&json).unwrap();
    assert_eq!(again.state(), partition.state());
    assert_eq!(again.to_string(), partition.to_string());
}

#[test]
fn a_damaged_one_is_refused() {
    let json = serde_json::to_string(&partition()).unwrap();
    for (written, damaged) in [
        (r#""version":1"#, r#""version":2"#),
        (r#""group":1"#, r#""group":7"#),
        (r#""learning_rate":0.1"#, r#""learning_rate":-0.1"#),
        (r#""name":"head""#, r#""name":"body""#),
        ("fc.weight", "conv.weight"),
    ] {
        assert!(json.contains(written), "{written}");
        let damaged = json.replace(written, damaged);
        assert!(
            serde_json::from_str::<Partition>(&damaged).is_err(),
            "{damaged}"
        );
    }
}
