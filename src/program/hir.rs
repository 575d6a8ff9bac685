//! What is left of a source file once it is parsed: items and expressions with their positions,
//! free of syn, safe to send between threads.

use std::sync::Arc;

pub use super::body::Body;
use crate::name::Name;
use crate::source::Span;

/// An identifier where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Ident {
    pub name: Name,
    pub span: Span,
}

/// `a::b::<T>::c`, or `<T as Trait>::c`.
#[derive(Clone, Debug)]
pub struct Path {
    /// The type of `<T>::c` and, of `<T as Trait>::c`, the trait (whose segments are not in `segments`).
    pub qself: Option<Box<QualifiedSelf>>,
    /// Starts with `::`.
    pub global: bool,
    pub segments: Vec<Segment>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct QualifiedSelf {
    pub ty: Type,
    pub as_trait: Option<Path>,
}

#[derive(Clone, Debug)]
pub struct Segment {
    pub name: Name,
    pub args: Vec<GenericArg>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum GenericArg {
    Type(Type),
    Const(Expr),
    /// `Item = T`
    Assoc(Name, Type),
}

#[derive(Clone, Debug)]
pub struct Type {
    pub kind: TypeKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum TypeKind {
    Path(Path),
    Ref(Box<Type>),
    Tuple(Vec<Type>),
    Array(Box<Type>, Box<Expr>),
    Slice(Box<Type>),
    /// `impl A + B`
    Impl(Vec<Bound>),
    /// `dyn A + B`
    Dyn(Vec<Bound>),
    /// `fn(A) -> B`
    Fn(Vec<Type>, Box<Type>),
    Never,
    Infer,
    Unsupported,
}

/// A trait bound; `Fn(A) -> B` has its arguments as a tuple argument of the last segment and its result as `Assoc("Output", B)`.
#[derive(Clone, Debug)]
pub struct Bound {
    pub path: Path,
}

#[derive(Clone, Debug)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    Lit(Lit),
    Path(Path),
    Unary(UnaryOp, Box<Expr>),
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    Assign(Box<Expr>, Box<Expr>),
    AssignOp(BinaryOp, Box<Expr>, Box<Expr>),
    Ref {
        mutable: bool,
        expr: Box<Expr>,
    },
    Call(Box<Expr>, Vec<Expr>),
    MethodCall(Box<MethodCall>),
    Field(Box<Expr>, Member),
    Index(Box<Expr>, Box<Expr>),
    Tuple(Vec<Expr>),
    /// `[a, b]`, and `vec![a, b]` with `is_vec`.
    Array {
        elements: Vec<Expr>,
        is_vec: bool,
    },
    /// `[a; n]`, and `vec![a; n]` with `is_vec`.
    Repeat {
        element: Box<Expr>,
        count: Box<Expr>,
        is_vec: bool,
    },
    Struct(Box<StructLit>),
    /// Also `unsafe`, `async` and `const` blocks.
    Block(Block),
    If {
        cond: Box<Expr>,
        then: Block,
        otherwise: Option<Box<Expr>>,
    },
    /// `let PAT = EXPR` as a condition.
    Let(Box<Pat>, Box<Expr>),
    Match(Box<Expr>, Vec<Arm>),
    Loop {
        body: Block,
        label: Option<Name>,
    },
    While {
        cond: Box<Expr>,
        body: Block,
        label: Option<Name>,
    },
    For {
        pat: Box<Pat>,
        iter: Box<Expr>,
        body: Block,
        label: Option<Name>,
    },
    Closure(Arc<Closure>),
    Return(Option<Box<Expr>>),
    Break {
        label: Option<Name>,
        value: Option<Box<Expr>>,
    },
    Continue(Option<Name>),
    Try(Box<Expr>),
    Await(Box<Expr>),
    Cast(Box<Expr>, Box<Type>),
    Range {
        low: Option<Box<Expr>>,
        high: Option<Box<Expr>>,
        inclusive: bool,
    },
    /// `format!`, also the message part of `concat!` and the like.
    Format(Vec<FormatPart>),
    /// `panic!`, `bail!`, `todo!`, `unreachable!`, `unimplemented!`: never returns normally. `todo` for the two that stand for missing code.
    Diverge {
        returns_error: bool,
        todo: bool,
    },
    /// A macro whose value doesn't matter (`println!`, `assert!`, `tracing::info!`): its arguments, as far as they are expressions.
    Ignored(Vec<Expr>),
    /// A macro that is not known here: `expanded` when a `macro_rules!` in reach could be expanded.
    Macro(Box<MacroCall>),
    Unsupported(&'static str),
}

#[derive(Clone, Debug)]
pub struct MethodCall {
    pub receiver: Expr,
    pub method: Ident,
    pub generics: Vec<GenericArg>,
    pub args: Vec<Expr>,
}

#[derive(Clone, Debug)]
pub struct StructLit {
    pub path: Path,
    pub fields: Vec<(Member, Expr)>,
    /// `..base`
    pub base: Option<Expr>,
}

#[derive(Clone, Debug)]
pub struct MacroCall {
    pub path: Path,
    /// The tokens between the delimiters, as text.
    pub tokens: Arc<str>,
    /// What a `macro_rules!` definition gave for it.
    pub expanded: Option<Block>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Member {
    Named(Name),
    Index(u32),
}

#[derive(Clone, Debug)]
pub struct Arm {
    pub pat: Pat,
    pub guard: Option<Expr>,
    pub body: Expr,
}

#[derive(Clone, Debug)]
pub struct Closure {
    pub params: Vec<Pat>,
    pub body: Expr,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Lit {
    Int(i128),
    Float(f64),
    Str(Arc<str>),
    Char(char),
    Bool(bool),
    Bytes(Arc<[u8]>),
    /// Whatever no constructor counts with: very large numbers, C strings.
    Other,
}

#[derive(Clone, Debug)]
pub enum FormatPart {
    Text(Arc<str>),
    /// `{}`, `{name}`, `{0}`: with what stands behind the colon, unless it changes nothing.
    Arg {
        expr: Expr,
        spec: Option<Box<FormatSpec>>,
    },
}

/// `{:fill<align>+#0width.precisionkind}`
#[derive(Clone, Debug, Default)]
pub struct FormatSpec {
    pub fill: Option<char>,
    /// `<`, `^` or `>`.
    pub align: Option<char>,
    pub plus: bool,
    pub alternate: bool,
    pub zero: bool,
    pub width: Option<FormatCount>,
    pub precision: Option<FormatCount>,
    /// Empty, or `?`, `x`, `b` and so on.
    pub kind: Arc<str>,
}

/// A width or precision: written out, or taken from an argument.
#[derive(Clone, Debug)]
pub enum FormatCount {
    Known(usize),
    Of(Expr),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    Neg,
    Not,
    Deref,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    And,
    Or,
    BitAnd,
    BitOr,
    BitXor,
    Shl,
    Shr,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

#[derive(Clone, Debug)]
pub struct Block {
    pub stmts: Vec<Stmt>,
    /// Items declared inside the block; they are also reachable through [`Stmt`]-less lookup.
    pub items: Vec<Arc<Item>>,
    pub span: Span,
}

#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "statements live in one vector; boxing each costs more"
)]
pub enum Stmt {
    Let {
        pat: Pat,
        ty: Option<Type>,
        init: Option<Expr>,
        otherwise: Option<Block>,
        span: Span,
    },
    /// `semi`: the value is dropped. Without it, the last one is the block's value.
    Expr { expr: Expr, semi: bool },
}

#[derive(Clone, Debug)]
pub struct Pat {
    pub kind: PatKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum PatKind {
    Wild,
    Rest,
    /// A plain lower-case name may turn out to be a constant or a unit variant: the evaluator looks it up first.
    Bind {
        name: Ident,
        sub: Option<Box<Pat>>,
    },
    Path(Path),
    Tuple(Vec<Pat>),
    TupleStruct(Path, Vec<Pat>),
    Struct {
        path: Path,
        fields: Vec<(Member, Pat)>,
    },
    Lit(Box<Expr>),
    Range {
        low: Option<Box<Expr>>,
        high: Option<Box<Expr>>,
        inclusive: bool,
    },
    Or(Vec<Pat>),
    Slice(Vec<Pat>),
    Ref(Box<Pat>),
    Typed(Box<Pat>, Box<Type>),
    Unsupported,
}

/// Under which `#[cfg]` an item, field or statement stands.
#[derive(Clone, Debug)]
pub enum Cfg {
    Test,
    Feature(Name),
    Not(Box<Cfg>),
    All(Vec<Cfg>),
    Any(Vec<Cfg>),
    Other,
}

#[derive(Clone, Debug)]
pub struct Item {
    pub kind: ItemKind,
    pub cfg: Option<Cfg>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ItemKind {
    Fn(Arc<Function>),
    Struct(Arc<Struct>),
    Enum(Arc<Enum>),
    Impl(Arc<Impl>),
    Trait(Arc<Trait>),
    Const(Arc<Const>),
    Alias(Arc<Alias>),
    Use(Vec<Import>),
    Module {
        name: Ident,
        inline: Option<Vec<Arc<Item>>>,
        path_attribute: Option<Arc<str>>,
    },
    MacroRules {
        name: Ident,
        tokens: Arc<str>,
    },
    /// A macro called in item position: its expansion's items if it could be expanded.
    Macro {
        path: Path,
        tokens: Arc<str>,
        expanded: Option<Vec<Arc<Item>>>,
    },
    ExternCrate {
        name: Name,
        alias: Name,
    },
    Other,
}

/// One leaf of a `use` tree.
#[derive(Clone, Debug)]
pub struct Import {
    pub path: Vec<Name>,
    pub global: bool,
    /// The name it gets here; of a glob, nothing.
    pub kind: ImportKind,
    pub public: bool,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportKind {
    Named(Name),
    Glob,
    /// `as _`
    Anonymous,
}

#[derive(Clone, Debug, Default)]
pub struct Generics {
    pub params: Vec<GenericParam>,
    /// `where` clauses: type, bounds.
    pub wheres: Vec<(Type, Vec<Bound>)>,
}

#[derive(Clone, Debug)]
pub struct GenericParam {
    pub name: Name,
    pub kind: GenericParamKind,
}

#[derive(Clone, Debug)]
pub enum GenericParamKind {
    Type {
        bounds: Vec<Bound>,
        default: Option<Type>,
    },
    Const {
        default: Option<Expr>,
    },
}

#[derive(Clone, Debug)]
pub struct Function {
    pub name: Ident,
    pub generics: Generics,
    pub has_self: bool,
    /// Without `self`.
    pub params: Vec<Param>,
    pub ret: Option<Type>,
    pub body: Option<Body>,
    pub is_public: bool,
    /// `#[test]` and its kin.
    pub is_test: bool,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Param {
    pub pat: Pat,
    pub ty: Type,
}

#[derive(Clone, Debug)]
pub struct Struct {
    pub name: Ident,
    pub generics: Generics,
    pub fields: Fields,
    /// Last segments of the derived traits.
    pub derives: Vec<Name>,
    pub is_public: bool,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Fields {
    Named(Vec<Field>),
    Tuple(Vec<Field>),
    Unit,
}

#[derive(Clone, Debug)]
pub struct Field {
    pub member: Member,
    pub ty: Type,
    /// `#[module(skip)]`
    pub skip: bool,
    /// `#[config(default = EXPR)]`, also a string that holds an expression.
    pub default: Option<Expr>,
    /// Last segments of its attributes' paths, in order.
    pub attributes: Vec<Name>,
    pub cfg: Option<Cfg>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Enum {
    pub name: Ident,
    pub generics: Generics,
    pub variants: Vec<Variant>,
    pub derives: Vec<Name>,
    pub is_public: bool,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Variant {
    pub name: Ident,
    pub fields: Fields,
    pub is_default: bool,
    pub discriminant: Option<Expr>,
}

#[derive(Clone, Debug)]
pub struct Impl {
    pub generics: Generics,
    pub trait_path: Option<Path>,
    pub self_ty: Type,
    pub functions: Vec<Arc<Function>>,
    pub consts: Vec<Arc<Const>>,
    pub types: Vec<Arc<Alias>>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Trait {
    pub name: Ident,
    pub generics: Generics,
    pub supertraits: Vec<Bound>,
    pub functions: Vec<Arc<Function>>,
    pub consts: Vec<Arc<Const>>,
    pub types: Vec<Name>,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Const {
    pub name: Ident,
    pub ty: Option<Type>,
    pub value: Option<Expr>,
}

#[derive(Clone, Debug)]
pub struct Alias {
    pub name: Ident,
    pub generics: Generics,
    pub ty: Type,
    pub span: Span,
}
