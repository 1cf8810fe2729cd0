namespace Hermes.Core.Hosting;

/// <summary>What <c>AddHermes</c> gives back, for packages that add to it.</summary>
public interface IHermesBuilder
{
    /// <summary>The application's services.</summary>
    IServiceCollection Services { get; }
}
