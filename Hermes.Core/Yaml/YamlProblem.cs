namespace Hermes.Core.Yaml;

/// <summary>Words for what is wrong with a text, which hold nothing of the text.</summary>
internal static class YamlProblem
{
    /// <summary>Where nothing closer is known.</summary>
    public const string Unknown = "not valid YAML here";

    /// <summary>The one that YamlDotNet does not place where it is.</summary>
    public const string Tab = "a tab cannot indent";

    // YamlDotNet's messages may quote tokens, so only the words it puts around them are compared.
    private static readonly (string Fragment, string Problem)[] Known =
    [
        ("quoted scalar", "the quoted text is not closed or has a wrong escape"),
        ("flow sequence", "the list in [ ] is not closed, or lacks a comma"),
        ("flow mapping", "the mapping in { } is not closed, or lacks a comma"),
        ("block mapping", "the indentation does not fit the mapping around it, or a key lacks its colon"),
        ("block collection", "the indentation does not fit the list around it"),
        ("block sequence", "the indentation does not fit the list around it"),
        ("block scalar", "the header or indentation of the block text is wrong"),
        ("simple key", "a key is not followed by a colon"),
        ("mapping values", "a colon stands where no mapping can begin: quote the value"),
        (" tab", Tab),
        ("anchor", "an anchor or alias is not written right"),
        ("alias", "an anchor or alias is not written right"),
        ("directive", "a directive is not written right"),
        ("invalid mapping", "a colon stands where no mapping can begin: quote the value"),
        ("tag", "a tag is not written right"),
        ("document start", "text stands where a new document would begin"),
        ("cannot start any token", "a character cannot begin a value here: quote the value"),
    ];

    /// <summary>Our words for a message of YamlDotNet.</summary>
    public static string Describe(string message)
    {
        foreach (var (fragment, problem) in Known)
        {
            if (message.Contains(fragment, StringComparison.OrdinalIgnoreCase))
                return problem;
        }

        return Unknown;
    }
}
