namespace Hermes.Core.Yaml;

/// <summary>The tags that safe_load knows.</summary>
internal static class YamlTags
{
    public const string Null = Prefix + "null";
    public const string Boolean = Prefix + "bool";
    public const string Integer = Prefix + "int";
    public const string Float = Prefix + "float";
    public const string Timestamp = Prefix + "timestamp";
    public const string Binary = Prefix + "binary";
    public const string String = Prefix + "str";
    public const string Sequence = Prefix + "seq";
    public const string Mapping = Prefix + "map";
    public const string Set = Prefix + "set";
    public const string OrderedMapping = Prefix + "omap";
    public const string Pairs = Prefix + "pairs";
    public const string Merge = Prefix + "merge";

    private const string Prefix = "tag:yaml.org,2002:";
}
