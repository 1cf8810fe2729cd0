namespace Hermes.Core.Yaml;

/// <summary>Turns nodes into values, collections among them; <see cref="YamlScalars"/> does the rest.</summary>
internal static class YamlConstructor
{
    /// <summary>The value of a node; the same object each time.</summary>
    public static object? Construct(YamlNode node)
    {
        if (!node.IsConstructed)
        {
            node.Value = node switch
            {
                YamlScalarNode scalar => YamlScalars.Construct(scalar),
                YamlSequenceNode sequence => ConstructSequence(sequence),
                YamlMappingNode mapping => ConstructMapping(mapping),
                _ => throw new InvalidOperationException($"There is no {node.GetType().Name} in YAML."),
            };
            node.IsConstructed = true;
        }

        return node.Value;
    }

    private static List<object?> ConstructSequence(YamlSequenceNode sequence) => sequence.Tag switch
    {
        YamlTags.Sequence => sequence.Items.ConvertAll<object?>(Construct),
        YamlTags.OrderedMapping or YamlTags.Pairs => sequence.Items.ConvertAll<object?>(ConstructPair),
        _ => throw sequence.Error("a list has a tag that is unknown or not meant for lists"),
    };

    private static List<object?> ConstructPair(YamlNode item) =>
        item is YamlMappingNode { Entries: [var (key, value)] }
            ? [Construct(key), Construct(value)]
            : throw item.Error("an ordered mapping is a list of mappings with one entry each");

    private static object ConstructMapping(YamlMappingNode node)
    {
        if (node.Tag is not (YamlTags.Mapping or YamlTags.Set))
        {
            throw node.Error("a mapping has a tag that is unknown or not meant for mappings");
        }

        Flatten(node);
        var mapping = new YamlMapping();
        foreach (var (keyNode, valueNode) in node.Entries)
        {
            var key = Construct(keyNode);
            if (key is YamlMapping or List<object?> or HashSet<object?>)
            {
                throw keyNode.Error("a mapping or a list cannot be a key");
            }

            mapping.Set(key, Construct(valueNode));
        }

        return node.Tag == YamlTags.Set ? mapping.Entries.Select(entry => entry.Key).ToHashSet() : mapping;
    }

    // Puts what `<<` brings before the mapping's own entries, which so override it; of a list, its first mapping wins.
    private static void Flatten(YamlMappingNode node)
    {
        if (!node.Entries.Exists(entry => entry.Key.Tag == YamlTags.Merge))
        {
            return;
        }

        var merged = new List<(YamlNode Key, YamlNode Value)>();
        foreach (var (key, value) in node.Entries)
        {
            if (key.Tag == YamlTags.Merge)
            {
                merged.AddRange(EntriesToMerge(value));
            }
        }

        merged.AddRange(node.Entries.Where(entry => entry.Key.Tag != YamlTags.Merge));
        node.Entries = merged;
    }

    private static IEnumerable<(YamlNode Key, YamlNode Value)> EntriesToMerge(YamlNode source)
    {
        switch (source)
        {
            case YamlMappingNode mapping:
                Flatten(mapping);
                return mapping.Entries;
            case YamlSequenceNode sequence when sequence.Items.TrueForAll(item => item is YamlMappingNode):
                return Enumerable.Reverse(sequence.Items).SelectMany(EntriesToMerge);
            default:
                throw source.Error("only a mapping or a list of mappings can be merged with <<");
        }
    }
}
