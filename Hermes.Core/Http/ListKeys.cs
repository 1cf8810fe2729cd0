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
