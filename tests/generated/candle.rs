//! candle: chains and tuples below a `VarBuilder`, and optimizers built in many ways.

use std::fmt::Write;

use super::Dice;

fn path(dice: &mut Dice, number: usize) -> String {
    match dice.below(5) {
        0 => format!("vb.pp(\"layer{number}\")"),
        1 => format!("vb.pp({number})"),
        2 => format!("vb.pp(\"block\").pp(\"layer{number}\")"),
        3 => format!("vb.clone().pp(format!(\"layer{{}}\", {number}))"),
        _ => format!("vb.pp(\"block.layer{number}\")"),
    }
}

fn layer(dice: &mut Dice, number: usize) -> String {
    let path = path(dice, number);
    match dice.below(4) {
        0 => format!("candle_nn::layer_norm_no_bias(8, 1e-5, {path})?"),
        1 => format!("dense({path})?"),
        _ => format!("linear(8, 8, {path})?"),
    }
}

fn optimizer(dice: &mut Dice, store: &str) -> String {
    let vars = format!("{store}.all_vars()");
    match dice.below(5) {
        0 => format!("AdamW::new({vars}, ParamsAdamW {{ lr: 1e-3, ..Default::default() }})"),
        1 => format!("SGD::new({vars}, 0.1)"),
        2 => format!("candle_nn::AdamW::new_lr({vars}, 1e-3)"),
        // Not written in a way that is edited.
        3 => format!("AdamW::new({vars}.into_iter().collect(), ParamsAdamW::default())"),
        _ => format!("AdamW::new_lr({vars}, 1e-3)"),
    }
}

pub fn program(seed: u64) -> String {
    let mut dice = Dice::of(seed);
    let (tab, end) = (dice.one_of(&["    ", "\t"]), dice.one_of(&["\n", "\r\n"]));
    let mut text = String::from(
        "use candle_core::{DType, Device, Module, Result, Tensor};\nuse candle_nn::*; // größer\n\n\
         fn dense(vb: VarBuilder) -> Result<Linear> {\n    linear(8, 8, vb)\n}\n\n",
    );
    if dice.below(4) == 0 {
        text.push_str("struct Groups;\n\n");
    }
    let models = 1 + dice.below(2);
    for model in 0..models {
        writeln!(
            text,
            "fn model{model}(vb: VarBuilder) -> Result<Sequential> {{\n    Ok(seq()"
        )
        .unwrap();
        for number in 0..1 + dice.below(5) as usize {
            let layer = layer(&mut dice, number);
            writeln!(text, "        .add({layer}) // größer {number}").unwrap();
            if dice.below(2) == 0 {
                writeln!(text, "        .add_fn(|xs| xs.relu())").unwrap();
            }
        }
        writeln!(text, "    )\n}}\n").unwrap();
    }
    let in_a_struct = dice.below(4) == 0;
    if in_a_struct {
        text.push_str("struct Trainer {\n    optimizer: AdamW,\n}\n\n");
    }
    text.push_str("fn main() -> Result<()> {\n    let mut varmap = VarMap::new();\n    let vb = VarBuilder::from_varmap(&varmap, DType::F32, &Device::Cpu);\n");
    for model in 0..models {
        writeln!(
            text,
            "    let model{model} = model{model}(vb.pp(\"model{model}\"))?;"
        )
        .unwrap();
    }
    if dice.below(3) == 0 {
        text.push_str("    varmap.load(\"pretrained.safetensors\")?;\n");
    }
    let receiver = match in_a_struct {
        true => {
            text.push_str("    let mut trainer = Trainer { optimizer: AdamW::new_lr(varmap.all_vars(), 1e-3)? };\n");
            "trainer.optimizer"
        }
        false => {
            let optimizer = optimizer(&mut dice, "varmap");
            let opened = dice.one_of(&["?", ".unwrap()"]);
            writeln!(text, "    let mut optimizer = {optimizer}{opened};").unwrap();
            "optimizer"
        }
    };
    for model in 0..models {
        writeln!(
            text,
            "    let xs = Tensor::zeros((2, 8), DType::F32, &Device::Cpu)?;\n    {receiver}.backward_step(&model{model}.forward(&xs)?.mean_all()?)?;"
        )
        .unwrap();
    }
    text.push_str("    Ok(())\n}\n");
    text.replace("    ", tab).replace('\n', end)
}
