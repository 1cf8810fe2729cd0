namespace Hermes.Core.Http;

/// <summary>The keys under which the lists of <c>/api</c> have their rows. Older clients read <c>items</c>, newer ones <c>data</c>.</summary>
public enum ListKeys
{
    /// <summary>Under both: each answer is about twice as long.</summary>
    Both,

    /// <summary>Under <c>items</c> alone.</summary>
    Items,

    /// <summary>Under <c>data</c> alone.</summary>
    Data,
}

internal static class ListKeysExtensions
{
    /// <summary>The keys, in the order in which they are written.</summary>
    public static IReadOnlyList<string> Names(this ListKeys keys) => keys switch
    {
        ListKeys.Items => ["items"],
        ListKeys.Data => ["data"],
        _ => ["items", "data"],
    };
}
