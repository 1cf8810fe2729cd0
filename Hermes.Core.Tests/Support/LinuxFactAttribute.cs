namespace Hermes.Core.Tests.Support;

/// <summary>A test of what only Linux has.</summary>
internal sealed class LinuxFactAttribute : FactAttribute
{
    public const string Reason = "This is not Linux.";

    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : Reason;
}

/// <inheritdoc cref="LinuxFactAttribute"/>
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute() => Skip = OperatingSystem.IsLinux() ? null : LinuxFactAttribute.Reason;
}
