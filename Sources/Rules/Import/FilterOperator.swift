/// The operators of the platform's filters and conditions, under every word that its surfaces have for them (its
/// documentation of filters and conditions, the types of its SDK).
enum FilterOperator: Sendable {
    case equal, notEqual, equalWithoutCase
    case less, lessOrEqual, greater, greaterOrEqual
    case contains, containsWithoutCase, containsNot
    case begins, beginsWithoutCase, ends, endsWithoutCase
    case oneOf, noneOf
    case isNull, isEmpty, isNotEmpty
    case pattern, patternWithoutCase, like
    /// Searches that only the platform's database can do; the nearest thing is whether the text occurs.
    case search

    private static let words: [String: FilterOperator] = [
        "": .equal, "=": .equal, "==": .equal, "eq": .equal, "equal": .equal, "equals": .equal, "exact": .equal,
        "is": .equal, "not": .notEqual, "!=": .notEqual, "<>": .notEqual, "ne": .notEqual, "neq": .notEqual,
        "not_equal": .notEqual, "not_equals": .notEqual, "is_not": .notEqual, "iexact": .equalWithoutCase,
        "lt": .less, "<": .less, "less_than": .less, "lte": .lessOrEqual, "<=": .lessOrEqual,
        "less_than_or_equal": .lessOrEqual, "less_than_or_equals": .lessOrEqual, "gt": .greater, ">": .greater,
        "greater_than": .greater, "gte": .greaterOrEqual, ">=": .greaterOrEqual,
        "greater_than_or_equal": .greaterOrEqual, "greater_than_or_equals": .greaterOrEqual, "contains": .contains,
        "icontains": .containsWithoutCase, "not_contains": .containsNot, "startswith": .begins,
        "starts_with": .begins, "istartswith": .beginsWithoutCase, "endswith": .ends, "ends_with": .ends,
        "iendswith": .endsWithoutCase, "in": .oneOf, "not_in": .noneOf, "nin": .noneOf, "isnull": .isNull,
        "is_null": .isNull, "empty": .isEmpty, "is_empty": .isEmpty, "notempty": .isNotEmpty,
        "not_empty": .isNotEmpty, "is_not_empty": .isNotEmpty, "regex": .pattern, "iregex": .patternWithoutCase,
        "ilike": .like, "trigram_word_similar": .search, "full_text_search": .search,
    ]

    /// The operator of a word, in capital or small letters; `nil` for one that nobody has documented.
    init?(_ word: String) {
        guard let known = Self.words[word.lowercased()] else { return nil }
        self = known
    }

    /// Whether it says more of the value than that it is there.
    var needsValue: Bool {
        switch self {
        case .isEmpty, .isNotEmpty: false
        default: true
        }
    }

    /// What an expression writes between the two sides, for the operators that have such a sign.
    var sign: String? {
        switch self {
        case .equal: "=="
        case .notEqual: "!="
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        default: nil
        }
    }
}
