using System.Reflection;

namespace Hermes.Core;

/// <summary>Which version of the library this is.</summary>
internal static class HermesVersion
{
    /// <summary>The package's version, as <c>1.2.3</c>, without the commit that the build may add.</summary>
    public static string Text { get; } =
        (typeof(HermesVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0").Split('+')[0];
}
